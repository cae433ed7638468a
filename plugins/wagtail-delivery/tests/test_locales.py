"""The same project in two locales, using Wagtail's own `copy_for_translation`."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from wagtail.models import Locale, Page, Site

from tests import samples
from tests.samples import published, reloaded
from tests.statuses import of_each
from tests.stored import (
    body_of,
    changes_since,
    differences,
    document_of,
    last_sequence,
    members_of,
    route_to,
)
from tests.testapp import models as app
from wagtail_delivery.content.translation_status import TranslationStatus
from wagtail_delivery.models import PublishedDocument

pytestmark = pytest.mark.django_db


@pytest.fixture
def malay_home(home: Page, ms: Locale) -> Page:
    page = home.copy_for_translation(ms)
    page.title = "Utama"
    page.save_revision().publish()
    return Page.objects.get(pk=page.pk).specific


@pytest.fixture
def page(home: Page) -> app.EventPage:
    return published(
        app.EventPage(title="Event", slug="event", type="talk", summary="English"), home
    )


def translated(thing: Any, ms: Locale, **values: str) -> Any:
    """Publish a Malay translation of `thing`."""
    copy = thing.copy_for_translation(ms)
    for name, value in values.items():
        setattr(copy, name, value)
    if isinstance(copy, Page):
        copy.save_revision().publish()
        return Page.objects.get(pk=copy.pk).specific
    copy.live = True
    copy.save()
    return reloaded(copy)


def paths_in(locale: str) -> list[str]:
    found = PublishedDocument.objects.filter(locale=locale, collection="pages")
    return sorted(found.values_list("path", flat=True))


def locales_of(thing: Any) -> list[str]:
    return [alternate["locale"] for alternate in body_of(thing)["meta"]["alternates"]]


def test_a_page_in_two_locales(malay_home: Page, page: app.EventPage, ms: Locale) -> None:
    sequence = last_sequence()
    malay = translated(page, ms, title="Acara", slug="acara", summary="Melayu")
    english, other = body_of(page), body_of(malay)
    assert english["id"] == other["id"]
    assert (english["path"], other["path"]) == ("/event/", "/ms/acara/")
    assert (english["locale"], other["locale"]) == ("en", "ms")
    assert members_of(malay)["summary"] == "Melayu"
    alternates = [
        {"locale": "en", "path": "/event/"},
        {"locale": "ms", "path": "/ms/acara/"},
    ]
    assert english["meta"]["alternates"] == other["meta"]["alternates"] == alternates
    assert other["meta"]["breadcrumbs"] == [
        {"id": str(malay_home.translation_key), "title": "Utama", "path": "/ms/"}
    ]
    assert sorted(changes_since(sequence)) == [
        # Its alternates now include the second locale.
        ("upsert", "event_page", "/event/"),
        ("upsert", "event_page", "/ms/acara/"),
    ]
    assert route_to("localhost:80", "/ms/acara/").document == document_of(malay)
    assert differences() == []

    malay.unpublish()
    assert locales_of(page) == ["en"]
    assert document_of(malay) is None
    assert differences() == []


def test_a_draft_translation_has_no_document(
    malay_home: Page, page: app.EventPage, ms: Locale
) -> None:
    malay = page.copy_for_translation(ms)
    assert document_of(malay) is None
    assert locales_of(page) == ["en"]
    assert differences() == []


def test_an_alias_in_another_locale_has_no_document(
    malay_home: Page, page: app.EventPage, ms: Locale
) -> None:
    """Its document would show English under /ms/."""
    alias = page.copy_for_translation(ms, alias=True)
    assert alias.live
    assert document_of(alias.specific) is None
    assert locales_of(page) == ["en"]
    assert differences() == []


def test_an_alias_of_an_alias_has_the_language_of_the_page_that_it_shows(
    page: app.EventPage, malay_home: Page, ms: Locale
) -> None:
    """However long the chain is, and whatever is in between."""
    malay_alias = page.copy_for_translation(ms, alias=True)
    malay = malay_alias.create_alias(parent=malay_home, update_slug="lagi")
    malay_again = malay.create_alias(parent=malay_home, update_slug="dan-lagi")
    assert [document_of(shown.specific) for shown in (malay, malay_again)] == [None, None]
    assert paths_in("ms") == ["/ms/"]

    english = malay_again.create_alias(
        parent=reloaded(page).get_parent(), update_slug="back", update_locale=page.locale
    )
    assert body_of(english.specific)["title"] == "Event"
    assert body_of(english.specific)["meta"]["translation"] == body_of(page)["meta"]["translation"]
    page.title = "Changed"
    page.save_revision().publish()
    assert body_of(reloaded(english))["title"] == "Changed"
    assert differences() == []


def test_cards_are_in_the_documents_locale(
    malay_home: Page, page: app.EventPage, ms: Locale
) -> None:
    topic = samples.full_topic()
    page.full_topics = [topic]
    page.body = f'<p><a linktype="page" id="{page.pk}">Self</a></p>'
    page.save_revision().publish()
    malay = translated(page, ms, title="Acara", slug="acara")
    # The topic is in English only.
    assert members_of(malay)["full_topics"] == []
    malay_topic = translated(topic, ms, title="Topik")
    [card] = members_of(malay)["full_topics"]
    assert (card["title"], card["locale"], card["id"]) == (
        "Topik",
        "ms",
        str(topic.translation_key),
    )
    [card] = members_of(page)["full_topics"]
    assert (card["title"], card["locale"]) == ("Everything", "en")
    assert 'href="/ms/acara/"' in members_of(malay)["body"]["html"]
    assert 'href="/event/"' in members_of(page)["body"]["html"]

    malay_topic.title = "Topik baharu"
    malay_topic.save()
    assert members_of(malay)["full_topics"][0]["title"] == "Topik baharu"
    malay_topic.unpublish()
    assert members_of(malay)["full_topics"] == []
    assert differences() == []


def test_content_without_a_locale_shows_its_actual_target(home: Page, ms: Locale) -> None:
    topic = samples.full_topic()
    malay = translated(topic, ms, title="Topik")
    holder = app.Relations.objects.create(name="H", plain=samples.plain_topic(), full=malay)
    assert body_of(holder)["locale"] is None
    assert members_of(holder)["full"]["title"] == "Topik"
    assert differences() == []


def test_reverse_relations_stay_within_a_locale(home: Page, ms: Locale) -> None:
    """A translation's foreign key still points at the source."""
    topic = samples.full_topic()
    pointing = samples.full_topic("Pointing", slug="pointing", related=topic)
    malay, malay_pointing = (
        translated(thing, ms, title=f"{thing.title} (ms)") for thing in (topic, pointing)
    )
    assert malay_pointing.related == topic
    for one, title in ((topic, "Pointing"), (malay, "Pointing (ms)")):
        assert [card["title"] for card in members_of(one)["related_from"]] == [title]
    assert members_of(malay_pointing)["related"]["title"] == "Everything (ms)"
    malay_pointing.delete()
    assert members_of(malay)["related_from"] == []
    assert differences() == []


def test_translated_children(home: Page, ms: Locale) -> None:
    topic = samples.full_topic_with_chapters(home)
    malay = translated(topic, ms, title="Segala-galanya")
    chapter = malay.chapters.get()
    chapter.heading = "Satu"
    chapter.save()
    assert [one["heading"] for one in members_of(malay)["chapters"]] == ["Satu"]
    assert [one["heading"] for one in members_of(topic)["chapters"]] == ["One"]
    assert locales_of(topic) == locales_of(malay) == ["en", "ms"]
    assert body_of(topic)["meta"]["translation"] == {
        "source_locale": "en",
        "status": "source",
        "untranslated": [],
        "languages": {},
        "stale": [],
    }
    assert differences() == []


def test_a_model_that_inherits_its_locale(home: Page, ms: Locale) -> None:
    """The Malay doctor is translated as a doctor, not only as a person."""
    clinic = samples.clinic()
    malay = translated(clinic, ms, title="Klinik")
    assert [members_of(malay)[name] for name in ("doctor", "person")] == [None, None]
    doctor = translated(clinic.doctor, ms, name="Aminah (ms)", ward="W")
    found = members_of(malay)
    assert found["doctor"] == {
        "id": str(doctor.translation_key),
        "type": "doctor",
        "locale": "ms",
        "title": "Aminah (ms)",
        "name": "Aminah (ms)",
        "ward": "W",
        "untranslated": [],
        "untranslated_languages": {},
    }
    assert (found["person"]["type"], found["person"]["name"]) == ("person", "Aminah (ms)")
    for one in (clinic.doctor, clinic.doctor.person_ptr, doctor, doctor.person_ptr):
        assert locales_of(one) == ["en", "ms"]
    assert differences() == []

    doctor.unpublish()
    assert [members_of(malay)[name] for name in ("doctor", "person")] == [None, None]
    for one in (clinic.doctor, clinic.doctor.person_ptr):
        assert locales_of(one) == ["en"]
    assert document_of(doctor) is document_of(doctor.person_ptr) is None
    assert differences() == []


def test_related_objects_without_documents_are_in_the_documents_locale(
    home: Page, ms: Locale
) -> None:
    clinic = samples.clinic()
    malay = translated(clinic, ms, title="Klinik")
    malay.labels.add(clinic.label)
    for name, nothing in {"label": None, "labels": []}.items():
        assert members_of(malay)[name] == nothing
    label = translated(clinic.label, ms, text="Buka")
    assert members_of(malay)["label"] == {"text": "Buka"}
    assert members_of(malay)["labels"] == [{"text": "Buka"}]
    assert members_of(clinic)["label"] == {"text": "Open"}
    label.text = "Dibuka"
    label.save()
    assert members_of(malay)["label"] == {"text": "Dibuka"}
    label.delete()
    assert members_of(malay)["label"] is None
    assert differences() == []


@of_each
def half_translated(instance: Any) -> TranslationStatus:
    """The status from a translation plugin: the text of labels is still in English."""
    missing = frozenset({"text"} if isinstance(instance, app.Label) else ())
    return TranslationStatus("en", "complete", missing)


def test_untranslated_texts_of_objects_without_documents_are_marked(
    home: Page, ms: Locale, settings: Any
) -> None:
    provider = f"{__name__}.{half_translated.__name__}"
    settings.WAGTAIL_DELIVERY = settings.WAGTAIL_DELIVERY | {"TRANSLATION_STATUSES": provider}
    clinic = samples.clinic()
    translated(clinic.label, ms)
    malay = translated(clinic, ms, title="Klinik")
    malay.labels.add(clinic.label)
    assert body_of(malay)["meta"]["translation"] == {
        "source_locale": "en",
        "status": "partial",
        "untranslated": ["/label/text", "/labels/0/text"],
        "languages": {"/label/text": "en", "/labels/0/text": "en"},
        "stale": [],
    }


#: Content paths that are still in English, by model.
STILL_ENGLISH: dict[type[Any], frozenset[str]] = {}


@of_each
def still_english(instance: Any) -> TranslationStatus:
    """The status from a translation plugin, with the paths in `STILL_ENGLISH` untranslated."""
    missing = STILL_ENGLISH.get(type(instance), frozenset())
    return TranslationStatus("en", "partial" if missing else "complete", missing)


@pytest.fixture
def untranslated(settings: Any) -> Iterator[dict[type[Any], frozenset[str]]]:
    provider = f"{__name__}.{still_english.__name__}"
    settings.WAGTAIL_DELIVERY = settings.WAGTAIL_DELIVERY | {"TRANSLATION_STATUSES": provider}
    yield STILL_ENGLISH
    STILL_ENGLISH.clear()


def languages_in(thing: Any) -> dict[str, str]:
    translation = body_of(thing)["meta"]["translation"]
    assert translation["untranslated"] == [*translation["languages"]]
    return dict(translation["languages"])


def test_untranslated_texts_in_serializers_are_marked(
    home: Page, ms: Locale, untranslated: dict[type[Any], frozenset[str]]
) -> None:
    clinic = samples.clinic()
    untranslated[app.Clinic] = frozenset({"title"})
    malay = translated(clinic, ms)
    assert members_of(malay)["staff"]["title"] == "Clinic"
    assert languages_in(malay) == dict.fromkeys(
        ["/title", "/staff/title", "/welcome", "/summary/title"], "en"
    )
    assert languages_in(clinic) == {}


def test_untranslated_texts_in_custom_block_values_are_marked(
    malay_home: Page, home: Page, ms: Locale, untranslated: dict[type[Any], frozenset[str]]
) -> None:
    body = [
        {"type": "counted", "id": "c", "value": "Two words"},
        {"type": "opaque", "id": "o", "value": "Word"},
        {"type": "price", "id": "p", "value": {"amount": "1.50", "currency": "Ringgit"}},
        {"type": "counted", "id": "t", "value": "Dua patah perkataan"},
    ]
    page = published(app.BlocksPage(title="Blocks", slug="blocks"), home)
    page.body = json.dumps(body)
    page.save_revision().publish()
    untranslated[app.BlocksPage] = frozenset({"body.c", "body.o", "body.p.currency"})
    malay = translated(page, ms)
    assert languages_in(malay) == {
        "/body/0/value/text": "en",
        "/body/1/value/reversed": "en",
        "/body/2/value": "en",
    }


def listed(client: Client, **query: str) -> list[tuple[str, str]]:
    """Slug and locale of each page of a list, two at a time."""
    found: list[tuple[str, str]] = []
    cursor = None
    while cursor != "":
        more = {"cursor": cursor} if cursor else {}
        body = client.get("/api/v1/pages", query | more | {"limit": "2"}).json()
        found += [(card["path"].strip("/"), card["locale"]) for card in body["items"]]
        cursor = body["next"] or ""
    return found


def test_a_list_with_a_fallback_has_the_order_of_the_first_languages_tree(
    client: Client, home: Page, malay_home: Page, ms: Locale
) -> None:
    first, second, third = (
        published(app.PlainPage(title=slug, slug=slug), home) for slug in ("a", "b", "c")
    )
    below = published(app.PlainPage(title="below", slug="below"), second)
    for page in (third, first):
        translated(page, ms, slug=f"{page.slug}-ms")
    published(app.PlainPage(title="only", slug="only"), malay_home)

    expected = [("ms", "ms"), ("ms/a-ms", "ms"), ("b", "en"), ("b/below", "en"), ("ms/c-ms", "ms")]
    only = ("ms/only", "ms")
    found = listed(client, locale="ms", fallback="en")
    assert [item for item in found if item != only] == expected
    assert found.count(only) == 1
    backwards = listed(client, locale="ms", fallback="en", order="-position")
    assert backwards == found[::-1]

    reloaded(third).move(reloaded(home), "first-child")
    reloaded(below).move(reloaded(home), "first-child")
    found = listed(client, locale="ms", fallback="en")
    assert [item for item in found if item != only] == [
        ("ms", "ms"),
        ("below", "en"),
        ("ms/c-ms", "ms"),
        ("ms/a-ms", "ms"),
        ("b", "en"),
    ]
    assert differences() == []


def test_moving_a_page_affects_only_its_locale(
    home: Page, malay_home: Page, page: app.EventPage, ms: Locale
) -> None:
    malay = translated(page, ms, slug="acara")
    target = published(app.PlainPage(title="Target", slug="target"), home)
    Page.objects.get(pk=page.pk).move(target, pos="last-child")
    assert body_of(page)["path"] == "/target/event/"
    assert body_of(malay)["path"] == "/ms/acara/"
    assert body_of(malay)["meta"]["alternates"][0]["path"] == "/target/event/"
    assert differences() == []


def test_a_restriction_affects_only_its_locale(
    malay_home: Page, page: app.EventPage, ms: Locale
) -> None:
    from wagtail.models import PageViewRestriction

    malay = translated(page, ms, slug="acara")
    PageViewRestriction.objects.create(page=malay_home, restriction_type="login")
    assert document_of(malay) is document_of(malay_home) is None
    assert locales_of(page) == ["en"]
    assert (
        PublishedDocument.objects.filter(collection="site").values_list("locale", flat=True).get()
        == "en"
    )
    assert differences() == []


def test_the_site_in_two_locales(home: Page, malay_home: Page) -> None:
    documents = PublishedDocument.objects.filter(collection="site", resource_id="default")
    found = {one.locale: json.loads(bytes(one.body)) for one in documents}
    assert sorted(found) == ["en", "ms"]
    assert found["ms"]["home"]["title"] == "Utama"
    assert found["ms"]["locales"] == [
        {"locale": "en", "path": "/"},
        {"locale": "ms", "path": "/ms/"},
    ]
    malay_home.title = "Laman utama"
    malay_home.save_revision().publish()
    assert json.loads(bytes(documents.get(locale="ms").body))["home"]["title"] == "Laman utama"
    assert differences() == []


def test_two_sites_in_two_locales(
    home: Page, malay_home: Page, second_site: Site, ms: Locale
) -> None:
    second_home = Page.objects.get(pk=second_site.root_page_id).specific
    malay = translated(second_home, ms, title="Utama kedua")
    assert body_of(malay)["path"] == "/ms/"
    assert body_of(malay)["meta"]["site"] == "second.example:8080"
    assert route_to("second.example:8080", "/ms/").document == document_of(malay)
    assert route_to("localhost:80", "/ms/").document == document_of(malay_home)
    assert differences() == []


def test_removing_a_locale(home: Page, ms: Locale) -> None:
    topic = app.TranslatableTopic.objects.create(title="Topic")
    malay = translated(topic, ms, title="Topik")
    assert locales_of(topic) == ["en", "ms"]
    malay.delete()
    ms.delete()
    assert locales_of(topic) == ["en"]
    assert differences() == []


def test_changing_the_code_of_a_locale(
    home: Page, malay_home: Page, ms: Locale, settings: Any
) -> None:
    """`zh` becomes `zh-hans`: every document of the locale moves."""
    enable(settings, "en-gb")
    assert body_of(malay_home)["locale"] == "ms"
    ms.language_code = "en-gb"
    ms.save()
    assert body_of(malay_home)["locale"] == "en-gb"
    assert differences() == []


def enable(settings: Any, code: str) -> None:
    """Add a language to the project's settings."""
    languages = [*settings.WAGTAIL_CONTENT_LANGUAGES, (code, code)]
    settings.LANGUAGES = settings.WAGTAIL_CONTENT_LANGUAGES = languages


def test_a_language_that_is_not_enabled(
    home: Page, malay_home: Page, ms: Locale, client: Client, settings: Any
) -> None:
    """Nothing tells of content that the API does not serve: no path, alternate, list or change."""
    tamil = Locale.objects.create(language_code="ta")
    topic = app.TranslatableTopic.objects.create(title="Topic")
    home_in_tamil = translated(home, tamil, title="Tamil home")
    translated(topic, tamil, title="Tamil topic")

    def told() -> list[Any]:
        return [
            client.get(f"/api/v1/pages/{home.translation_key}?locale=ta").status_code,
            client.get("/api/v1/resolve?path=/ta/").status_code,
            locales_of(home),
            locales_of(topic),
            [each["locale"] for each in client.get("/api/v1/site?locale=en").json()["locales"]],
            sorted({*PublishedDocument.objects.values_list("locale", flat=True)}),
        ]

    assert home_in_tamil.live
    assert told() == [404, 404, ["en", "ms"], ["en"], ["en", "ms"], ["en", "ms"]]
    assert differences() == []

    enable(settings, "ta")
    call_command("delivery_rebuild", verbosity=0)
    three = ["en", "ms", "ta"]
    assert told() == [200, 200, three, ["en", "ta"], three, three]
    assert differences() == []

    settings.LANGUAGES = settings.WAGTAIL_CONTENT_LANGUAGES = [("en", "English"), ("ms", "Malay")]
    call_command("delivery_rebuild", verbosity=0)
    assert told() == [404, 410, ["en", "ms"], ["en"], ["en", "ms"], ["en", "ms"]]


@pytest.mark.parametrize("of", ["page", "snippet"])
def test_changing_a_translation_key(home: Page, malay_home: Page, ms: Locale, of: str) -> None:
    """The former translations are separated, and the new ones are linked."""
    if of == "page":
        thing: Any = published(app.PlainPage(title="Page", slug="page"), home)
        other = published(app.PlainPage(title="Other", slug="other"), home)
    else:
        thing = app.TranslatableTopic.objects.create(title="Topic")
        other = app.TranslatableTopic.objects.create(title="Other")
    malay = translated(thing, ms, title="Sama")
    assert locales_of(thing) == locales_of(malay) == ["en", "ms"]

    malay.translation_key = uuid.uuid4()
    malay.save()
    assert (locales_of(thing), locales_of(malay)) == (["en"], ["ms"])
    assert differences() == []

    malay.translation_key = other.translation_key
    malay.save()
    assert locales_of(other) == locales_of(malay) == ["en", "ms"]
    assert locales_of(thing) == ["en"]
    assert differences() == []


def test_changing_the_translation_key_of_an_ancestor(home: Page, page: app.EventPage) -> None:
    child = published(app.PlainPage(title="Child", slug="child"), page)
    page.translation_key = uuid.uuid4()
    page.save()
    assert body_of(child)["meta"]["parent"] == str(page.translation_key)
    assert differences() == []
