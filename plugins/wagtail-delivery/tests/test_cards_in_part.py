"""Cards tell which lines of a rich text are not translated, as documents do."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings as project
from django.test import Client
from wagtail.models import Locale, Page

from tests.json_schemas import definitions
from tests.samples import published, reloaded
from tests.statuses import of_each
from tests.stored import body_of, differences
from tests.test_locales import translated
from tests.testapp import models as app
from wagtail_delivery.content.translation_status import TranslationStatus, UntranslatedParts
from wagtail_delivery.schema.registry import content_types

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not project.WAGTAIL_I18N_ENABLED, reason="one locale"),
]
BODY = "<h2>Tajuk</h2><p>English</p><ul><li>Satu</li></ul>"
HTML = '<h2>Tajuk</h2><p lang="en">English</p><ul><li>Satu</li></ul>'


@of_each
def partly(instance: Any) -> TranslationStatus:
    if instance.locale.language_code == "en" or not getattr(instance, "body", ""):
        return TranslationStatus("en", "source", frozenset())
    if "English" not in str(instance.body):
        return TranslationStatus("en", "complete", frozenset())
    parts = {"body": UntranslatedParts(3, frozenset({1}))}
    return TranslationStatus("en", "partial", frozenset({"body"}), parts)


@pytest.fixture
def event(home: Page, ms: Locale, settings: Any, monkeypatch: pytest.MonkeyPatch) -> app.EventPage:
    """A Malay page with an English paragraph, whose cards show it."""
    provider = f"{__name__}.{partly.__name__}"
    settings.WAGTAIL_DELIVERY = settings.WAGTAIL_DELIVERY | {"TRANSLATION_STATUSES": provider}
    event_type = content_types().of_model(app.EventPage)
    assert event_type is not None
    body = [member for member in event_type.members if member.name == "body"]
    monkeypatch.setattr(event_type, "card_members", [*event_type.card_members, *body])
    home.copy_for_translation(ms).save_revision().publish()
    page = published(app.EventPage(title="Event", slug="event", type="talk", body=BODY), home)
    return translated(page, ms, title="Acara", slug="acara")


def card_in_list() -> dict[str, Any]:
    response = Client().get("/api/v1/pages", {"locale": "ms", "type": "event_page"})
    [card] = response.json()["items"]
    return dict(card)


def test_a_card_in_a_list(event: app.EventPage) -> None:
    card = card_in_list()
    assert card["body"] == {"html": HTML, "text": "Tajuk\nEnglish\nSatu"}
    assert card["untranslated"] == ["/body"]
    assert card["untranslated_languages"] == {"/body": "en"}
    assert card["untranslated_lines"] == {"/body": [1]}


def test_a_card_in_a_document(event: app.EventPage, ms: Locale, home: Page) -> None:
    page = app.BlocksPage(title="Halaman", slug="halaman")
    page.body = [("char", "Sendiri"), ("page", event), ("page", event)]
    published(page, Page.objects.get(locale=ms, depth=2))
    found = body_of(page)
    assert [block["value"] for block in found["body"][1:]] == [card_in_list()] * 2
    assert found["meta"]["translation"]["lines"] == {
        "/body/1/value/body": [1],
        "/body/2/value/body": [1],
    }
    assert differences() == []


def test_a_card_without_such_a_text_is_as_before(event: app.EventPage) -> None:
    page = reloaded(event)
    page.body = BODY.replace("English", "Melayu")
    page.save_revision().publish()
    card = card_in_list()
    assert (card["untranslated"], card["untranslated_languages"]) == ([], {})
    assert "untranslated_lines" not in card
    assert differences() == []


@of_each
def in_two_languages(instance: Any) -> TranslationStatus:
    """Malay pages show their last paragraph in English, and the one before in Tamil."""
    if getattr(instance, "body", "") != BODY or instance.locale.language_code == "en":
        return TranslationStatus("en", "source", frozenset())
    parts = {"body": UntranslatedParts(3, frozenset({1, 2}), {1: "ta", 2: "en"})}
    return TranslationStatus(
        "en", "partial", frozenset({"body"}), parts, untranslated_languages={"body": "ta"}
    )


def test_lines_in_several_languages(event: app.EventPage, settings: Any) -> None:
    provider = f"{__name__}.{in_two_languages.__name__}"
    settings.WAGTAIL_DELIVERY = settings.WAGTAIL_DELIVERY | {"TRANSLATION_STATUSES": provider}
    page = reloaded(event)
    page.save_revision().publish()
    card, translation = card_in_list(), body_of(page)["meta"]["translation"]
    assert card["untranslated_languages"] == translation["languages"] == {"/body": "ta"}
    assert card["untranslated_lines"] == translation["lines"] == {"/body": [1, 2]}
    languages = {"/body": ["ta", "en"]}
    assert card["untranslated_line_languages"] == translation["line_languages"] == languages
    assert differences() == []


@pytest.mark.parametrize("member", ["untranslated_lines", "untranslated_line_languages"])
def test_every_card_is_described_with_its_lines(member: str) -> None:
    for name in ("EventPageCard", "FullTopicCard", "PlainTopicCard"):
        schema = definitions()[name]
        assert schema["properties"][member]["type"] == "object", name
        assert member not in schema["required"]
