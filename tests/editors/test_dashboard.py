"""The dashboard lists the tasks that wait for a user."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from wagtail.models import Locale, Page
from wagtail_localize.models import StringTranslation, Translation, TranslationSource

from cms.editors.dashboard import LIMIT, WaitingPanel
from cms.editors.groups import ensure_groups
from cms.pages.models import HomePage, StandardPage
from cms.snippets.models import Act
from tests.factories import (
    ActFactory,
    ConventionFactory,
    HomePageFactory,
    RoleFactory,
    StandardPageFactory,
)
from tests.members import OFFICER, PUBLISHER, TRANSLATOR, browser_of

numbers = count(1)
TO_TRANSLATE = "translations-to-translate"


@pytest.fixture
def home(malay: Locale) -> HomePage:
    return HomePageFactory(locale=malay)


@pytest.fixture
def english_home(home: HomePage, english: Locale) -> HomePage:
    return HomePageFactory(locale=english, translation_key=home.translation_key)


@pytest.fixture
def groups(home: HomePage, english_home: HomePage) -> None:
    ensure_groups()


def panels(client: Client) -> dict[str, dict[str, str]]:
    """Our panels by id and those of translations, each with the URL of every line by its title."""
    response = client.get(reverse("wagtailadmin_home"))
    assert response.status_code == 200
    found = {}
    for panel in BeautifulSoup(response.content, "html.parser").select(
        "section[id^=waiting], section[id^=translations]"
    ):
        lines = {link.get_text(strip=True): link["href"] for link in panel.select("tbody .title a")}
        found[panel["id"].removesuffix("-section").removeprefix("waiting-")] = lines
    return found


def text_of(client: Client, panel: str) -> str:
    html = client.get(reverse("wagtailadmin_home")).content
    soup = BeautifulSoup(html, "html.parser")
    found = soup.find(id=f"waiting-{panel}-section") or soup.find(id=f"{panel}-section")
    return " ".join(found.get_text(" ").split())


def edit_page_address(page: Page) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def edit_address(snippet: Any) -> str:
    return reverse(snippet.snippet_viewset.get_url_name("edit"), args=[snippet.pk])


def test_an_empty_dashboard_shows_a_message(groups: None) -> None:
    client = browser_of(OFFICER)
    assert panels(client) == {"waiting": {}}
    html = client.get(reverse("wagtailadmin_home")).content.decode()
    with translation.override("ms"):
        text = translation.gettext(
            "You have no unfinished drafts, and there is nothing for you to look into."
        )
    assert text in html
    ActFactory(title="Akta Nota", editor_note="Semak tarikh.")
    assert "waiting" not in panels(client)


# Drafts


def draft(home: HomePage, user: User, title: str = "Draf saya") -> StandardPage:
    page = StandardPageFactory(parent=home, locale=home.locale, live=False)
    page.title = title
    page.save_revision(user=user)
    return page


def test_a_user_sees_their_own_drafts(groups: None, home: HomePage) -> None:
    client, other = browser_of(OFFICER), browser_of(OFFICER)
    page = draft(home, client.user, "Halaman saya")
    act = ActFactory(live=False, title="Akta lama")
    act.title = "Akta saya"
    act.save_revision(user=client.user)
    draft(home, other.user, "Halaman orang lain")
    published = StandardPageFactory(parent=home, locale=home.locale)
    published.save_revision(user=client.user).publish()
    changed = ActFactory(title="Akta diterbitkan")
    changed.title = "Akta dipinda"
    changed.save_revision(user=client.user)
    assert panels(client)["drafts"] == {
        "Halaman saya": edit_page_address(page),
        "Akta saya": edit_address(act),
        "Akta dipinda": edit_address(changed),
    }
    # The newest comes first.
    assert next(iter(panels(client)["drafts"])) == "Akta dipinda"
    assert list(panels(other)["drafts"]) == ["Halaman orang lain"]


def test_a_draft_continued_by_another_user_is_no_longer_listed(
    groups: None, home: HomePage
) -> None:
    client, other = browser_of(OFFICER), browser_of(OFFICER)
    page = draft(home, client.user)
    page.save_revision(user=other.user)
    assert "drafts" not in panels(client)
    assert "drafts" in panels(other)


def test_pages_in_review_are_only_in_wagtails_own_panel(groups: None, home: HomePage) -> None:
    client, publisher = browser_of(OFFICER), browser_of(PUBLISHER)
    page, act = draft(home, client.user), ActFactory(live=False, title="Akta dihantar")
    act.save_revision(user=client.user)
    for thing in (page, act):
        thing.get_workflow().start(thing, client.user)
    assert "drafts" not in panels(client)
    html = client.get(reverse("wagtailadmin_home")).content.decode()
    assert "objects-in-workflow" in html
    html = publisher.get(reverse("wagtailadmin_home")).content.decode()
    assert "awaiting-review" in html
    assert "Akta dihantar" in html

    for thing in (page, act):
        state = thing.current_workflow_task_state
        state.task.specific.on_action(state, publisher.user, "reject", comment="Semak")
    html = client.get(reverse("wagtailadmin_home")).content.decode()
    rejected = BeautifulSoup(html, "html.parser").find(id="objects-in-workflow-section")
    assert len(rejected.select("tbody tr .icon-warning")) == 2


def test_a_draft_that_the_user_may_no_longer_edit_is_not_listed(
    groups: None, home: HomePage
) -> None:
    client = browser_of(OFFICER)
    draft(home, client.user)
    act = ActFactory(live=False)
    act.save_revision(user=client.user)
    client.user.groups.set([Group.objects.get(name=TRANSLATOR)])
    assert "drafts" not in panels(client)


# Translations


def translate(thing: Any, locale: Locale) -> Translation:
    source, _created = TranslationSource.update_or_create_from_instance(thing)
    job = Translation.objects.create(source=source, target_locale=locale)
    job.save_target(publish=False)
    return job


def finish(job: Translation) -> None:
    for segment in job.source.stringsegment_set.all():
        StringTranslation.objects.create(
            translation_of=segment.string,
            context=segment.context,
            locale=job.target_locale,
            data=f"Translated {next(numbers)}",
        )


@pytest.fixture
def page(home: HomePage) -> StandardPage:
    page = StandardPageFactory(parent=home, locale=home.locale, title="Sejarah", summary="Lama")
    page.save_revision().publish()
    page.refresh_from_db()
    return page


def test_a_translator_sees_unfinished_translations(
    groups: None, page: StandardPage, english: Locale
) -> None:
    client = browser_of(TRANSLATOR)
    job = translate(page, english)
    role = RoleFactory(text="Mengurus skim;")
    translate(role, english)
    finish(translate(ConventionFactory(), english))
    assert panels(client) == {
        TO_TRANSLATE: {
            "Sejarah": edit_page_address(job.get_target_instance()) + "#to-do",
            "Mengurus skim;": edit_address(role.get_translation(english)) + "#to-do",
        },
        "waiting": {},
    }
    strings = job.source.stringsegment_set.count()
    assert strings > 1
    assert f"{strings} rentetan" in text_of(client, TO_TRANSLATE)


def test_strings_are_counted_as_they_are_translated(
    groups: None, page: StandardPage, english: Locale
) -> None:
    client = browser_of(TRANSLATOR)
    job = translate(page, english)
    strings = list(job.source.stringsegment_set.all())
    for segment in strings[1:]:
        StringTranslation.objects.create(
            translation_of=segment.string,
            context=segment.context,
            locale=english,
            data=f"Translated {next(numbers)}",
        )
    assert " 1 rentetan" in text_of(client, TO_TRANSLATE)
    # Strings in another language or with an error do not count.
    last = StringTranslation.objects.create(
        translation_of=strings[0].string,
        context=strings[0].context,
        locale=Locale.objects.create(language_code="ta"),
        data="வரலாறு",
    )
    assert TO_TRANSLATE in panels(client)
    last.locale = english
    last.has_error = True
    last.save()
    assert TO_TRANSLATE in panels(client)
    last.has_error = False
    last.save()
    assert TO_TRANSLATE not in panels(client)


def test_a_stopped_translation_is_not_listed(
    groups: None, page: StandardPage, english: Locale
) -> None:
    client = browser_of(TRANSLATOR)
    job = translate(page, english)
    Translation.objects.filter(pk=job.pk).update(enabled=False)
    assert TO_TRANSLATE not in panels(client)


def test_translations_into_languages_of_others_are_not_listed(
    groups: None, home: HomePage, page: StandardPage, english: Locale
) -> None:
    tamil = Locale.objects.create(language_code="ta")
    HomePageFactory(locale=tamil, translation_key=home.translation_key)
    Group.objects.get(name=TRANSLATOR).page_permissions.filter(page__locale=tamil).delete()
    translate(page, tamil)
    translate(ActFactory(), tamil)
    assert TO_TRANSLATE not in panels(browser_of(TRANSLATOR))
    assert len(panels(browser_of(PUBLISHER))[TO_TRANSLATE]) == 2


# Flags


def test_editor_notes_are_listed_for_users_who_may_change_the_entry(
    groups: None, english: Locale
) -> None:
    role = RoleFactory(text="Peranan dua", editor_note="Ayat ini tidak lengkap.")
    act = ActFactory(locale=english, title="Act", editor_note="Check the date.")
    RoleFactory(text="Peranan tiga")
    assert panels(browser_of(OFFICER))["notes"] == {
        "Peranan dua": edit_address(role),
        "Act": edit_address(act),
    }
    assert panels(browser_of(TRANSLATOR))["notes"] == {"Act": edit_address(act)}
    assert "Ayat ini tidak lengkap." in text_of(browser_of(PUBLISHER), "notes")


def test_an_editor_note_is_text_and_not_html(groups: None) -> None:
    ActFactory(title="<b>Akta</b>", editor_note="<script>alert(1)</script>")
    html = browser_of(OFFICER).get(reverse("wagtailadmin_home")).content.decode()
    assert "<script>alert(1)" not in html
    assert "<b>Akta" not in html


def test_working_translations_are_listed_for_users_who_may_make_them_official(
    groups: None, english: Locale, english_home: HomePage
) -> None:
    page = StandardPageFactory(
        parent=english_home, locale=english, title="History", working_translation=True
    )
    ActFactory(locale=english, working_translation=True)
    ActFactory(locale=english, working_translation=True)
    ActFactory(locale=english)
    client = browser_of(PUBLISHER)
    listing = reverse(Act.snippet_viewset.get_url_name("list")) + "?working_translation=true"
    with translation.override("ms"):
        acts = str(Act._meta.verbose_name_plural).capitalize()
    assert panels(client)["working-translations"] == {
        "History": edit_page_address(page),
        acts: listing,
    }
    assert len(client.get(listing).context["object_list"]) == 2
    for group in (OFFICER, TRANSLATOR):
        assert "working-translations" not in panels(browser_of(group))


# Amounts


def test_only_the_first_lines_are_shown(groups: None) -> None:
    for number in range(LIMIT + 2):
        ActFactory(title=f"Akta {number}", number=number + 1, editor_note="Semak")
    client = browser_of(OFFICER)
    assert len(panels(client)["notes"]) == LIMIT
    with translation.override("ms"):
        assert translation.gettext("There are more.") in text_of(client, "notes")
    Act.objects.filter(number__gt=LIMIT).delete()
    assert len(panels(client)["notes"]) == LIMIT
    with translation.override("ms"):
        assert translation.gettext("There are more.") not in text_of(client, "notes")


@pytest.mark.parametrize("group", [OFFICER, PUBLISHER, TRANSLATOR])
def test_the_number_of_queries_does_not_depend_on_the_number_of_lines(
    groups: None, home: HomePage, english_home: HomePage, english: Locale, group: str
) -> None:
    client = browser_of(group)

    def fill() -> None:
        draft(english_home, client.user, f"Draf {next(numbers)}")
        act = ActFactory(locale=english, live=False)
        act.save_revision(user=client.user)
        page = StandardPageFactory(parent=home, locale=home.locale)
        translate(page, english)
        translate(ActFactory(), english)
        RoleFactory(locale=english, editor_note="Semak", working_translation=True)
        StandardPageFactory(parent=english_home, locale=english, working_translation=True)

    def queries() -> int:
        request = client.get(reverse("wagtailadmin_home")).wsgi_request
        request.user = User.objects.get(pk=client.user.pk)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            WaitingPanel().render_html({"request": request})
        return len(captured)

    fill()
    one = queries()
    for _ in range(9):
        fill()
    assert queries() == one
    assert one < 50
