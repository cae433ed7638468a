"""With `fallback`, embedded content falls back as the document does, and its language is told."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.test import Client, override_settings
from wagtail.models import Locale, Page

from tests import samples
from tests.samples import published, reloaded
from tests.stored import changes_since, differences, document_of, last_sequence
from tests.test_locales import translated
from tests.testapp import models as app
from wagtail_delivery.models import FallbackBody

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not settings.WAGTAIL_I18N_ENABLED, reason="one locale"),
]


@pytest.fixture
def topic() -> app.FullTopic:
    return samples.full_topic("Topic")


@pytest.fixture
def malay(home: Page, ms: Locale, topic: app.FullTopic) -> app.EventPage:
    """A translated page that shows a topic without a translation."""
    home.copy_for_translation(ms).save_revision().publish()
    page = published(
        app.EventPage(title="Event", slug="event", type="talk", full_topics=[topic]), home
    )
    return translated(page, ms, title="Acara", slug="acara", summary="Melayu")


def page_of(client: Client, page: Page, **query: str) -> Any:
    response = client.get(f"/api/v1/pages/{page.translation_key}", {"locale": "ms", **query})
    assert response.status_code == 200, response.content
    return response


def test_content_without_a_translation_is_shown_in_the_fallback(
    client: Client, malay: app.EventPage, topic: app.FullTopic
) -> None:
    response = page_of(client, malay, fallback="en")
    body = response.json()
    assert (body["title"], body["locale"], body["summary"]) == ("Acara", "ms", "Melayu")
    [card] = body["full_topics"]
    assert (card["title"], card["locale"]) == ("Topic", "en")
    assert card["untranslated_languages"]["/title"] == "en"
    translation = body["meta"]["translation"]
    assert translation["languages"]["/full_topics/0/title"] == "en"
    assert "/summary" not in translation["languages"]
    assert translation["untranslated"] == list(translation["languages"])
    assert response["Content-Language"] == "ms"


def test_it_is_left_out_without_a_fallback_and_with_another(
    client: Client, malay: app.EventPage, topic: app.FullTopic
) -> None:
    plain = page_of(client, malay)
    assert plain.json()["full_topics"] == []
    assert b"Topic" not in plain.content
    same = page_of(client, malay, fallback="ms")
    assert (same.content, same["ETag"]) == (plain.content, plain["ETag"])
    assert page_of(client, malay, fallback="en")["ETag"] != plain["ETag"]


def test_the_answer_with_a_fallback_takes_one_query(
    client: Client, malay: app.EventPage, django_assert_num_queries: Any
) -> None:
    page_of(client, malay, fallback="en")
    with django_assert_num_queries(1):
        page_of(client, malay, fallback="en")


def test_a_translation_replaces_the_fallback(
    client: Client, malay: app.EventPage, topic: app.FullTopic, ms: Locale
) -> None:
    translated(topic, ms, title="Topik")
    response = page_of(client, malay, fallback="en")
    assert [card["title"] for card in response.json()["full_topics"]] == ["Topik"]
    assert response.content == page_of(client, malay).content
    assert not FallbackBody.objects.exists()
    assert differences() == []


def test_the_fallback_follows_the_content_that_it_shows(
    client: Client, malay: app.EventPage, topic: app.FullTopic
) -> None:
    sequence = last_sequence()
    topic.title = "Renamed"
    topic.save_revision().publish()
    [card] = page_of(client, malay, fallback="en").json()["full_topics"]
    assert card["title"] == "Renamed"
    path = malay.url_path and document_of(malay).path
    assert ("upsert", "event_page", path) in changes_since(sequence)
    assert differences() == []
    topic.unpublish()
    assert b"Renamed" not in page_of(client, malay, fallback="en").content
    assert differences() == []


def test_a_draft_is_in_no_fallback(client: Client, malay: app.EventPage, home: Page) -> None:
    secret = samples.full_topic("Secret", slug="secret", live=False)
    page = reloaded(malay)
    page.full_topics = [*page.full_topics.all(), secret]
    page.save_revision().publish()
    for query in ({}, {"fallback": "en"}):
        assert b"Secret" not in page_of(client, malay, **query).content
    assert b"Topic" in page_of(client, malay, fallback="en").content
    assert differences() == []


def test_rows_that_point_at_a_thing_fall_back(client: Client, ms: Locale) -> None:
    topic = samples.full_topic("Topic")
    samples.full_topic("A", slug="a", related=topic)
    both = samples.full_topic("B", slug="b", related=topic)
    malay = translated(topic, ms, title="Topik")
    translated(both, ms, title="B (ms)")
    address = f"/api/v1/full_topics/{malay.translation_key}"
    titles = {}
    for fallback in ("ms", "en"):
        body = client.get(address, {"locale": "ms", "fallback": fallback}).json()
        titles[fallback] = [card["title"] for card in body["related_from"]]
    assert titles == {"ms": ["B (ms)"], "en": ["A", "B (ms)"]}
    assert differences() == []


def test_the_organisation_of_a_site_falls_back(client: Client, home: Page, ms: Locale) -> None:
    delivery = settings.WAGTAIL_DELIVERY | {"SITE_SNIPPET": "testapp.TranslatableTopic"}
    with override_settings(WAGTAIL_DELIVERY=delivery):
        topic = app.TranslatableTopic.objects.create(title="Organisation")
        home.copy_for_translation(ms).save_revision().publish()
        plain = client.get("/api/v1/site", {"locale": "ms"}).json()
        assert plain["organisation"] is None
        body = client.get("/api/v1/site", {"locale": "ms", "fallback": "en"}).json()
        assert body["organisation"]["title"] == "Organisation"
        assert body["meta"]["translation"]["languages"]["/organisation/title"] == "en"
        translated(topic, ms, title="Pertubuhan")
        body = client.get("/api/v1/site", {"locale": "ms", "fallback": "en"}).json()
        assert body["organisation"]["title"] == "Pertubuhan"
        assert differences() == []
