"""Text crosses into another locale only for users who may see it, and each changes only their own.

The users here have a right on English content alone; the sources are Malay.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group, Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from wagtail.models import GroupPagePermission, Locale, Page, Revision
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import policy_registry
from wagtail_localize.models import String, StringTranslation, Translation, TranslationSource

from tests.newsroom.content import (
    body,
    published_article,
    published_topic,
    segment_at,
    submit,
    target_of,
    translation_of,
)
from tests.newsroom.models import Article, Topic

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

SECRET = "Rahsia"
numbers = count(1)


class OneLocalePolicy(ModelPermissionPolicy):
    """Gives a user named after a locale the model's permissions there alone."""

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        return self.user_has_permission(user, action) and (
            user.is_superuser or user.username.startswith(instance.locale.language_code)
        )

    def user_has_any_permission_for_instance(self, user, actions, instance):
        return any(self.user_has_permission_for_instance(user, a, instance) for a in actions)

    def instances_user_has_any_permission_for(self, user, actions):
        found = super().instances_user_has_any_permission_for(user, actions)
        if user.is_superuser:
            return found
        return found.filter(locale__language_code=user.username[:2])


@pytest.fixture(autouse=True)
def snippets_by_locale(monkeypatch):
    monkeypatch.setattr(
        policy_registry,
        "get_by_type",
        lambda cls, fallback=True, get=policy_registry.get_by_type: (
            OneLocalePolicy(cls) if cls is Topic else get(cls, fallback)
        ),
    )


def browser(language: str, *, pages: Page | None = None, publish: bool = False) -> Client:
    """A client for a user who may submit and change content in one language."""
    number = next(numbers)
    user = User.objects.create_user(f"{language}-{number}")
    group = Group.objects.create(name=f"{language}-{number}")
    names = ["access_admin", "submit_translation", "change_topic"]
    group.permissions.set(Permission.objects.filter(codename__in=names))
    for name in ["change_page", *(["publish_page"] if publish else [])]:
        if pages is not None:
            GroupPagePermission.objects.create(
                group=group, page=pages, permission=Permission.objects.get(codename=name)
            )
    user.groups.add(group)
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def translator(english_home: Page) -> Client:
    return browser("en", pages=english_home)


@pytest.fixture
def tamil(db) -> Locale:
    return Locale.objects.get_or_create(language_code="ta")[0]


@pytest.fixture
def stranger(tamil: Locale, home: Page) -> Client:
    """A user who may work on Tamil only, where there are no pages yet."""
    return browser("ta")


def refused(response: HttpResponse) -> bool:
    """Wagtail redirects a browser home instead of answering 403."""
    return response.status_code == 403 or (
        response.status_code == 302 and response.url == reverse("wagtailadmin_home")
    )


def submission(instance: Any) -> str:
    if isinstance(instance, Page):
        return reverse("wagtail_localize:submit_page_translation", args=[instance.pk])
    return reverse(
        "wagtail_localize:submit_snippet_translation", args=["newsroom", "topic", instance.pk]
    )


def draft_article(home: Page) -> Article:
    page = Article(title=SECRET, slug="rahsia", intro=f"<p>{SECRET}</p>", locale=home.locale)
    page.live = False
    home.add_child(instance=page)
    page.save_revision()
    return page


def private_article(home: Page) -> Article:
    article = published_article(home, title=SECRET, slug="sulit")
    article.view_restrictions.create(restriction_type="login")
    return article


def article_below_a_private_page(home: Page) -> Article:
    return published_article(private_article(home), title=SECRET, slug="anak")


def article_below_a_draft(home: Page) -> Article:
    return published_article(draft_article(home), title="Anak", slug="anak")


def draft_topic(home: Page) -> Topic:
    topic = Topic.objects.create(name=SECRET, locale=home.locale, live=False)
    topic.save_revision()
    return topic


UNSEEN: list[Callable[[Page], Any]] = [
    draft_article,
    private_article,
    article_below_a_private_page,
    draft_topic,
]


def secrets_in(locale: Locale) -> list[str]:
    """The rows, revisions and sources that have the secret word in a locale."""
    found = [str(page) for page in Page.objects.filter(locale=locale) if SECRET in page.title]
    found += [str(topic) for topic in Topic.objects.filter(locale=locale, name__contains=SECRET)]
    keys = {*map(str, Page.objects.filter(locale=locale).values_list("pk", flat=True))}
    revisions = Revision.objects.filter(content__icontains=SECRET, object_id__in=keys)
    return found + [
        str(revision) for revision in revisions if revision.as_object().locale == locale
    ]


@pytest.mark.parametrize("make", UNSEEN, ids=lambda make: make.__name__)
def test_a_source_that_the_user_may_not_see_is_not_submitted(translator, home, en, make):
    source = make(home)
    assert refused(translator.get(submission(source)))
    assert refused(translator.post(submission(source), {"locales": [en.pk]}))
    assert not TranslationSource.objects.exists()
    assert secrets_in(en) == []


@pytest.mark.parametrize("make", UNSEEN, ids=lambda make: make.__name__)
def test_who_may_change_a_source_submits_it(home, english_home, en, make):
    source = make(home)
    client = browser("ms", pages=home)
    assert client.post(submission(source), {"locales": [en.pk]}).status_code == 302
    assert not target_of(source, en).live


def test_everybody_with_the_right_to_submit_submits_what_is_public(translator, home, en):
    for source in (published_article(home), published_topic(home.locale)):
        assert translator.get(submission(source)).status_code == 200
        assert translator.post(submission(source), {"locales": [en.pk]}).status_code == 302
        assert not target_of(source, en).live


def test_a_submission_leaves_out_what_the_user_may_not_see(translator, home, en):
    """Snippets that the page refers to, and pages below it."""
    topic = draft_topic(home)
    article = published_article(home, topic=topic)
    published_article(article, title="Anak", slug="anak")
    draft_article(article)

    form = {"locales": [en.pk], "include_subtree": "on"}
    assert translator.post(submission(article), form).status_code == 302

    assert target_of(article, en)
    assert {page.title for page in target_of(article, en).get_descendants()} == {"Anak"}
    assert not topic.has_translation(en)
    assert secrets_in(en) == []


def test_a_submission_copies_no_parent_that_the_user_may_not_see(translator, home, en):
    """wagtail-localize makes an alias of each parent that has no translation."""
    article = article_below_a_draft(home)
    assert refused(translator.post(submission(article), {"locales": [en.pk]}))
    assert not article.has_translation(en)
    assert secrets_in(en) == []


def test_a_draft_of_what_is_public_is_not_submitted(translator, home, en):
    article, topic = published_article(home), published_topic(home.locale)
    article.title, article.intro, article.body = SECRET, f"<p>{SECRET}</p>", body(heading=SECRET)
    article.save_revision()
    topic.name, topic.email = SECRET, f"{SECRET}@example.test"
    topic.links.first().label = SECRET
    topic.save_revision()
    for source in (article, topic):
        assert SECRET not in translator.get(submission(source)).content.decode()
        assert translator.post(submission(source), {"locales": [en.pk]}).status_code == 302
        target = target_of(source, en)
        assert SECRET not in str(target.serializable_data())
        for revision in target.revisions.all():
            assert SECRET not in str(revision.content)
        assert not String.objects.filter(data__contains=SECRET).exists()


def test_code_without_a_user_submits_anything(home, english_home, en):
    article = draft_article(home)
    submit(article, en)
    assert target_of(article, en)


@pytest.mark.parametrize("make", UNSEEN, ids=lambda make: make.__name__)
def test_a_source_that_the_user_may_not_see_is_not_synced(translator, home, en, make):
    source = make(home)
    submit(source, en)
    record = translation_of(source, en).source
    before = record.last_updated_at
    address = reverse("wagtail_localize:update_translations", args=[record.pk])
    assert refused(translator.get(address))
    assert refused(translator.post(address, {}))
    record.refresh_from_db()
    assert record.last_updated_at == before


def test_who_may_change_no_translation_syncs_none(stranger, home, english_home, en):
    article = published_article(home)
    submit(article, en)
    record = translation_of(article, en).source
    address = reverse("wagtail_localize:update_translations", args=[record.pk])
    assert refused(stranger.get(address))
    assert refused(stranger.post(address, {}))


def test_the_form_for_syncing_names_the_users_own_translations(translator, home, en, tamil):
    article = published_article(home)
    submit(article, en, tamil)
    Page.objects.filter(pk=target_of(article, tamil).pk).update(title=SECRET)
    record = translation_of(article, en).source
    html = translator.get(reverse("wagtail_localize:update_translations", args=[record.pk]))
    assert SECRET not in html.content.decode()
    address = reverse("wagtailadmin_pages:edit", args=[target_of(article, en).pk])
    assert address in html.content.decode()


def calls(job: Translation, path: str) -> dict[str, tuple[str, str, dict[str, Any]]]:
    """Each of wagtail-localize's calls for one translation, as (method, address, form)."""
    segment = segment_at(target_source(job), path)

    def address(name: str, *args: Any) -> str:
        return reverse(f"wagtail_localize:{name}", args=[job.pk, *args])

    export = SimpleUploadedFile("a.po", str(job.export_po()).encode())
    found = {
        "string": ("put", address("edit_string_translation", segment.pk), {"value": "Words"}),
        "string deleted": ("delete", address("edit_string_translation", segment.pk), {}),
        "download": ("get", address("download_pofile"), {}),
        "upload": ("post", address("upload_pofile"), {"file": export, "next": "/admin/reports/"}),
        "machine": ("post", address("machine_translate"), {"next": "/admin/reports/"}),
        "stop": ("post", address("stop_translation"), {"next": "/admin/reports/"}),
    }
    override = job.source.overridablesegment_set.first()
    if override is not None:
        found["override"] = ("put", address("edit_override", override.pk), {"value": "x"})
    target = job.get_target_instance()
    if isinstance(target, Page):
        edit = reverse("wagtailadmin_pages:edit", args=[target.pk])
    else:
        edit = reverse("wagtailsnippets_newsroom_topic:edit", args=[target.pk])
    found["editor"] = ("get", edit, {})
    found["publish"] = ("post", edit, {"action": "publish"})
    return found


def target_source(job: Translation) -> Any:
    return job.source.get_source_instance()


def send(client: Client, method: str, address: str, form: dict[str, Any]) -> HttpResponse:
    if method == "put":
        kwargs = {"content_type": "application/x-www-form-urlencoded"}
        return client.put(address, "&".join(f"{k}={v}" for k, v in form.items()), **kwargs)
    return getattr(client, method)(address, form) if method != "delete" else client.delete(address)


@pytest.fixture
def machine(settings):
    settings.WAGTAILLOCALIZE_MACHINE_TRANSLATOR = {
        "CLASS": "wagtail_localize.machine_translators.dummy.DummyTranslator"
    }


@pytest.mark.parametrize("kind", ["page", "snippet"])
def test_nobody_works_on_translations_into_a_locale_without_rights_there(
    translator, home, english_home, en, tamil, machine, kind
):
    source = published_article(home) if kind == "page" else published_topic(home.locale)
    path = "title" if kind == "page" else "name"
    submit(source, en, tamil)
    job = translation_of(source, tamil)
    revision = target_of(source, tamil).latest_revision_id

    for name, call in calls(job, path).items():
        assert refused(send(translator, *call)), name
    Translation.objects.filter(pk=job.pk).update(enabled=False)
    edit = calls(job, path)["editor"][1]
    assert refused(translator.post(edit, {"localize-restart-translation": "on"}))

    job.refresh_from_db()
    assert not job.enabled
    assert not StringTranslation.objects.exists()
    target = target_of(source, tamil)
    assert (target.latest_revision_id, target.live) == (revision, False)


@pytest.mark.parametrize("kind", ["page", "snippet"])
def test_translators_work_on_their_own_translations(
    translator, home, english_home, en, machine, kind
):
    """Also of a draft: whoever submitted it has given them its text."""
    source = draft_article(home) if kind == "page" else draft_topic(home)
    submit(source, en)
    job = translation_of(source, en)
    for name, call in calls(job, "title" if kind == "page" else "name").items():
        if name != "publish":
            assert not refused(send(translator, *call)), name
    job.refresh_from_db()
    assert not job.enabled
    edit = calls(job, "title" if kind == "page" else "name")["editor"][1]
    translator.post(edit, {"localize-restart-translation": "on"})
    job.refresh_from_db()
    assert job.enabled


def test_the_editor_names_nothing_that_the_user_may_not_see(
    translator, home, english_home, en, tamil
):
    """It names the source as it was submitted: its row may have changed since."""
    topic = published_topic(home.locale)
    source = published_article(home, topic=topic)
    submit(source, en, tamil)
    target = target_of(source, en)
    edit = reverse("wagtailadmin_pages:edit", args=[target.pk])
    others = [target_of(source, tamil), target_of(topic, tamil)]
    Page.objects.filter(pk__in=[source.pk, others[0].pk]).update(title=SECRET, live=False)
    Topic.objects.filter(pk__in=[topic.pk, others[1].pk]).update(name=SECRET, live=False)

    html = translator.get(edit).content.decode()
    assert SECRET not in html
    assert reverse("wagtailadmin_pages:edit", args=[others[0].pk]) not in html
    assert reverse("wagtailadmin_pages:edit", args=[source.pk]) in html
    assert source.title in html
    shown = BeautifulSoup(html, "html.parser")
    assert shown.find(string="Mula") is not None
    related = next(
        row for row in shown.select(".desk-value") if "Topik" in row.get_text(" ", strip=True)
    )
    assert related.select_one(".desk-value__body p").get_text(strip=True) == "topic → Topik"

    administrator = Client()
    administrator.force_login(User.objects.create_superuser("root"))
    assert SECRET in administrator.get(edit).content.decode()


def test_who_may_publish_other_snippets_publishes_no_translation_of_this_one(home, en, monkeypatch):
    topic = published_topic(home.locale)
    submit(topic, en)
    monkeypatch.setattr(
        OneLocalePolicy,
        "user_has_permission_for_instance",
        lambda policy, user, action, instance: action != "publish" or instance.pk != target.pk,
    )
    target = target_of(topic, en)
    client = browser("en")
    Group.objects.latest("pk").permissions.add(Permission.objects.get(codename="publish_topic"))
    edit = reverse("wagtailsnippets_newsroom_topic:edit", args=[target.pk])
    assert client.get(edit).status_code == 200
    assert refused(client.post(edit, {"action": "publish"}))
    target.refresh_from_db()
    assert not target.live


def test_the_report_has_the_users_own_translations(translator, stranger, home, en, tamil):
    article, topic = published_article(home), published_topic(home.locale)
    for source in (article, topic):
        submit(source, en, tamil)
    address = reverse("wagtail_localize:translations_report")
    results = reverse("wagtail_localize:translations_report_results")
    expected = {translator: [en, en], stranger: [tamil], browser("zh"): []}
    for client, locales in expected.items():
        for response in (client.get(address), client.get(results)):
            found = response.context["object_list"]
            assert [translation.target_locale for translation in found] == locales
        export = b"".join(client.get(address, {"export": "csv"}).streaming_content).decode()
        assert export.count("\n") == 1 + len(locales)
    superuser = Client()
    superuser.force_login(User.objects.create_superuser("super"))
    assert len(superuser.get(address).context["object_list"]) == 4


def test_the_api_for_choosers_names_the_users_own_snippets(translator, home, en):
    mine = published_topic(en, name="Topic")
    other = draft_topic(home)
    listing = reverse("wagtail_localize:snippets_api_listing", args=["newsroom", "topic"])
    assert [item["id"] for item in translator.get(listing).json()] == [mine.pk]
    detail = reverse("wagtail_localize:snippets_api_detail", args=["newsroom", "topic", other.pk])
    assert translator.get(detail).status_code == 404


def test_an_alias_shows_no_source_that_the_user_may_not_see(home, english_home, en):
    """The conversion copies the source's text into the alias."""
    publisher = browser("en", pages=english_home, publish=True)
    article = draft_article(home)
    submit(article, en)
    target = target_of(article, en)
    Page.objects.filter(pk=target.pk).update(title="News", draft_title="News")
    address = reverse("wagtail_localize:convert_to_alias", args=[target.pk])
    assert refused(publisher.get(address))
    assert refused(publisher.post(address))
    article.save_revision().publish()
    assert publisher.post(address).status_code == 302
    assert target_of(article, en).alias_of_id == article.pk
