"""Nobody reads in the admin what is neither public nor theirs to work on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.log_actions import log
from wagtail.models import Collection, Locale, ModelLogEntry, Page, Revision, Site

from cms.editors.groups import ensure_groups
from cms.pages.models import HomePage, StandardPage
from cms.snippets.models import Act
from tests.factories import (
    ActFactory,
    HomePageFactory,
    RegulationFactory,
    SiteFactory,
    StandardPageFactory,
)
from tests.members import OFFICER, PUBLISHER, TRANSLATOR, browser_of

pytestmark = pytest.mark.django_db

SECRET = "Rahsia"


@pytest.fixture
def home(malay: Locale) -> HomePage:
    Site.objects.all().delete()
    page = HomePageFactory(locale=malay)
    SiteFactory(root_page=page)
    return page


@pytest.fixture
def english_home(home: HomePage, english: Locale) -> HomePage:
    return HomePageFactory(locale=english, translation_key=home.translation_key)


@pytest.fixture
def translator(english_home: HomePage) -> Client:
    """May change English content; Malay is of others."""
    ensure_groups()
    return browser_of(TRANSLATOR)


@pytest.fixture
def officer(translator: Client) -> Client:
    return browser_of(OFFICER)


def page_in(home: HomePage, title: str = "Halaman", **fields: Any) -> StandardPage:
    page = StandardPageFactory(parent=home, locale=home.locale, title=title, **fields)
    page.save_revision()
    return StandardPage.objects.get(pk=page.pk)


def changed(instance: Any, **fields: Any) -> Any:
    """A live page or entry with a draft that has the secret."""
    for name, value in fields.items():
        setattr(instance, name, value)
    instance.save_revision()
    return type(instance).objects.get(pk=instance.pk)


def text_at(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def test_the_draft_title_of_a_published_page_is_for_those_who_work_on_it(
    translator: Client, officer: Client, home: HomePage, english_home: HomePage
) -> None:
    page = changed(page_in(home, "Diterbitkan"), title=SECRET)
    english = page_in(english_home, "Published", translation_key=page.translation_key)
    bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "unpublish"])
    for address in (
        reverse("wagtailadmin_api:pages:detail", args=[english.pk]),
        reverse("wagtailadmin_choose_page_child", args=[home.pk]),
        f"{reverse('wagtailadmin_choose_page_search')}?q=Diterbitkan",
        f"{reverse('wagtailadmin_choose_page_chosen_multiple')}?id={page.pk}",
        f"{bulk}?id={page.pk}",
        reverse("wagtail_localize:submit_page_translation", args=[page.pk]),
    ):
        text = text_at(translator, address)
        assert SECRET not in text, address
        assert "Diterbitkan" in text, address
        assert SECRET in text_at(officer, address) or "q=" in address, address


def test_translations_that_are_not_public_are_named_to_those_who_work_on_them(
    translator: Client, officer: Client, home: HomePage, english_home: HomePage
) -> None:
    draft = page_in(home, SECRET, live=False)
    english = page_in(english_home, translation_key=draft.translation_key, live=False)
    address = reverse("wagtailadmin_api:pages:detail", args=[english.pk])
    assert SECRET not in text_at(translator, address)
    assert translator.get(address).json()["meta"]["translations"] == []
    assert SECRET in text_at(officer, address)


@pytest.mark.parametrize("query", ["", "?a=1"])
def test_a_typed_address_names_no_page_that_is_not_shown(
    translator: Client, officer: Client, home: HomePage, query: str
) -> None:
    public = changed(page_in(home, "Diterbitkan", slug="awam"), title=SECRET)
    private = page_in(home, SECRET, slug="sulit")
    private.view_restrictions.create(restriction_type="login")

    def answer(client: Client, page: Page) -> Any:
        form = {
            "external-link-chooser-url": f"{page.full_url}{query}",
            "external-link-chooser-link_text": "x",
        }
        return client.post(reverse("wagtailadmin_choose_page_external_link"), form)

    assert SECRET in answer(officer, public).content.decode()
    assert SECRET in answer(officer, private).content.decode()
    named = answer(translator, public).content.decode()
    assert "Diterbitkan" in named
    assert SECRET not in named
    found = answer(translator, private)
    assert SECRET not in found.content.decode()
    assert found.json()["step"] == "external_link_chosen"
    assert found.json()["result"]["url"] == f"{private.full_url}{query}"


def test_draft_entries_are_for_those_who_work_in_their_language(
    translator: Client, officer: Client, malay: Locale, english: Locale
) -> None:
    draft = ActFactory(locale=malay, live=False, title=f"Akta {SECRET}")
    live = changed(ActFactory(locale=malay, title="Akta Awam"), title=f"Akta {SECRET}")
    own = ActFactory(locale=english, live=False, title="Akta English draft")
    chooser = "wagtailsnippetchoosers_snippets_act"
    bulk = reverse("wagtail_bulk_action", args=["snippets", "act", "delete"])
    lists = [
        reverse("wagtailsnippets_snippets_act:list"),
        reverse("wagtailsnippets_snippets_act:list_results"),
        f"{reverse('wagtailsnippets_snippets_act:list_results')}?q=Akta&ordering=number",
        reverse(f"{chooser}:choose"),
        reverse(f"{chooser}:choose_results"),
        f"{reverse(f'{chooser}:choose_results')}?q=Akta",
        "/admin/localize/api/snippets/snippets/act/",
        f"{reverse(f'{chooser}:chosen_multiple')}?id={draft.pk}&id={live.pk}&id={own.pk}",
        f"{bulk}?id={draft.pk}&id={live.pk}&id={own.pk}",
    ]
    for address in lists:
        text = text_at(translator, address)
        assert SECRET not in text, address
        assert "Akta Awam" in text, address
        assert "English draft" in text, address
        assert SECRET in text_at(officer, address), address
    for address in (reverse(f"{chooser}:chosen", args=[draft.pk]), f"{bulk}?id={draft.pk}"):
        assert translator.get(address).status_code == 404
        assert officer.get(address).status_code == 200


def test_lists_and_their_filters_name_no_draft_through_another_entry(
    translator: Client, officer: Client, malay: Locale
) -> None:
    draft = ActFactory(locale=malay, live=False, title=SECRET)
    RegulationFactory(act=draft, locale=malay, title="Peraturan Awam")
    address = reverse("wagtailsnippets_snippets_regulation:list")
    text = text_at(translator, address)
    assert "Peraturan Awam" in text
    assert SECRET not in text
    assert text_at(officer, address).count(SECRET) == 2
    filtered = f"{address}?act={draft.pk}"
    assert "Peraturan Awam" in text_at(officer, filtered)
    assert SECRET not in text_at(translator, filtered)


def test_reports_name_the_entries_that_their_user_works_with(
    translator: Client, officer: Client, malay: Locale, english: Locale
) -> None:
    reviewed = ActFactory(locale=malay, live=False, title=SECRET)
    own = ActFactory(locale=english, live=False, title="English draft")
    gone = ActFactory(locale=malay, title=SECRET)
    user = User.objects.create_superuser("root")
    for act in (reviewed, own, gone):
        act.save_revision(user=user)
        log(act, "wagtail.edit", user=user, title=act.title)
    for act in (reviewed, own):
        act.get_workflow().start(act, user)
    gone.delete()
    assert ModelLogEntry.objects.filter(label=SECRET).count() > 1
    for name in ("site_history", "workflow", "workflow_tasks"):
        address = reverse(f"wagtailadmin_reports:{name}")
        text = text_at(translator, address)
        assert SECRET not in text, name
        assert "English draft" in text, name
        assert SECRET in text_at(officer, address), name
        export = b"".join(translator.get(f"{address}?export=csv").streaming_content).decode()
        assert SECRET not in export, name
        assert "English draft" in export, name


def test_a_form_does_not_name_what_was_sent_to_it_by_its_id(
    translator: Client, english_home: HomePage, home: HomePage
) -> None:
    """Anybody can write any id into a form, save it and read the title in the form."""
    secret = Collection.get_first_root_node().add_child(name="Sulit")
    secret.view_restrictions.create(restriction_type="login")
    file = SimpleUploadedFile("gambar.png", get_test_image_file().file.getvalue())
    images = [
        get_image_model().objects.create(title=title, file=file, collection=collection)
        for title, collection in (
            (SECRET, secret),
            ("Menara", Collection.get_first_root_node()),
        )
    ]
    for image in images:
        page = page_in(english_home, live=False, social_image=image)
        text = text_at(translator, reverse("wagtailadmin_pages:edit", args=[page.pk]))
        assert SECRET not in text
        assert image.file.name.split("/")[-1].split(".")[0] not in text or image.title == "Menara"
        assert image.title == SECRET or "Menara" in text
        assert f'value="{image.pk}"' in text


def test_a_form_does_not_name_a_draft_entry(
    translator: Client, malay: Locale, english: Locale
) -> None:
    draft = ActFactory(locale=malay, live=False, title=SECRET)
    regulation = RegulationFactory(act=draft, locale=english, live=False)
    address = reverse("wagtailsnippets_snippets_regulation:edit", args=[regulation.pk])
    assert SECRET not in text_at(translator, address)
    Act.objects.filter(pk=draft.pk).update(live=True)
    assert SECRET in text_at(translator, address)


@contextmanager
def no_row_changes() -> Iterator[None]:
    def rows() -> list[Any]:
        return [list(model.objects.order_by("pk").values()) for model in (Page, Act, Revision)]

    before = rows()
    yield
    assert rows() == before


@pytest.mark.parametrize("has_revision", [True, False])
def test_a_refused_publish_changes_no_row(
    officer: Client, translator: Client, english_home: HomePage, has_revision: bool
) -> None:
    page = page_in(english_home, live=False)
    if not has_revision:
        StandardPage.objects.update(latest_revision=None)
        Revision.objects.all().delete()
    address = reverse("wagtailadmin_api:pages:action", args=[page.pk, "publish"])
    for client in (officer, translator):
        with no_row_changes():
            assert client.post(address).status_code == 403


def test_what_is_in_the_source_language_has_no_mark_of_a_translation(
    english_home: HomePage, home: HomePage, settings: Any
) -> None:
    settings.REVIEW_BY_SECOND_PERSON = False
    ensure_groups()
    publisher = browser_of(PUBLISHER)
    for content in (page_in(home), ActFactory(locale=home.locale)):
        model = type(content)._meta
        address = reverse(
            "working_translation", args=[model.app_label, model.model_name, content.pk]
        )
        with no_row_changes():
            assert publisher.get(address).status_code == 404
            assert publisher.post(address).status_code == 404
    page = page_in(english_home)
    page.save_revision().publish()
    address = reverse("working_translation", args=["pages", "standardpage", page.pk])
    assert publisher.post(address).status_code == 302
    page.refresh_from_db()
    assert page.working_translation


def test_what_is_not_shown_is_answered_as_what_does_not_exist(
    translator: Client, home: HomePage, malay: Locale
) -> None:
    draft = page_in(home, SECRET, live=False)
    private = page_in(home, SECRET)
    private.view_restrictions.create(restriction_type="login")
    below = page_in(private, SECRET)
    act = ActFactory(locale=malay, live=False, title=SECRET)
    named = {
        "wagtailadmin_pages:edit": (draft, private, below),
        "wagtailadmin_pages:delete": (draft,),
        "wagtailadmin_pages:history": (draft,),
        "wagtailadmin_pages:usage": (private,),
        "wagtailadmin_explore": (draft,),
        "wagtailadmin_choose_page_child": (draft, private),
        "wagtail_localize:submit_page_translation": (draft,),
        "wagtailsnippets_snippets_act:edit": (act,),
        "wagtailsnippets_snippets_act:history": (act,),
        "wagtailsnippets_snippets_act:usage": (act,),
    }
    for name, things in named.items():
        for thing in things:
            answers = [
                translator.get(reverse(name, args=[pk])) for pk in (thing.pk, thing.pk + 4711)
            ]
            assert [answer.status_code for answer in answers] == [404, 404], name
            bodies = {re.sub(rb'nonce="[^"]*"', b"", answer.content) for answer in answers}
            assert len(bodies) == 1, name
    # What is shown, and may not be changed, is refused with a message.
    assert translator.get(reverse("wagtailadmin_pages:edit", args=[home.pk])).status_code == 302
