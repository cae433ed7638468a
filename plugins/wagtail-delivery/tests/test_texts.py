"""The texts of a document, each with its place, and the signal that tells when they change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from wagtail.models import Page

from tests import samples
from tests.testapp import models as app
from wagtail_delivery.compiler.documents import source_of
from wagtail_delivery.extending import (
    DocumentText,
    documents_changed,
    published_texts,
    publishing,
)
from wagtail_delivery.models import PublishedDocument
from wagtail_delivery.store.texts import pack_texts, texts_of

pytestmark = pytest.mark.django_db

KEY = "6bb0cd20-3b43-4ffc-a376-c43c26915e17"


@pytest.fixture
def told() -> Iterator[list[str]]:
    """The sources that the signal named."""
    sources: list[str] = []

    def listen(**kwargs: Any) -> None:
        sources.extend(kwargs["sources"])

    documents_changed.connect(listen)
    yield sources
    documents_changed.disconnect(listen)


def texts_of_source(source: str) -> list[DocumentText]:
    return published_texts([source])[source]


def blocks_page(home: Page) -> Any:
    page = app.BlocksPage(title="A page", slug="texts", search_description="For engines")
    stored = [{"type": "paragraph", "id": KEY, "value": "<p>One <b>two</b></p><p>three</p>"}]
    page.one_kind = app.BlocksPage.one_kind.field.stream_block.to_python(stored)
    return samples.published(page, home)


def test_a_text_has_its_pointer_its_content_path_and_the_steps_to_it(home: Page) -> None:
    page = blocks_page(home)
    found = {text.pointer: text for text in texts_of_source(source_of(page))}
    text = found["/one_kind/0/value"]
    assert text.content_path == f"one_kind.{KEY}"
    assert text.steps == ("one_kind", "paragraph")
    assert text.text == "One two\nthree"
    assert found["/title"].text == "A page"
    description = found["/meta/seo/description"]
    assert (description.content_path, description.text) == ("search_description", "For engines")


def test_empty_texts_are_left_out(home: Page) -> None:
    page = samples.published(app.EventPage(title="Walk", slug="walk", type="walk"), home)
    assert "/summary" not in {text.pointer for text in texts_of_source(source_of(page))}


def test_texts_of_embedded_content_are_not_the_documents_own(home: Page) -> None:
    topic = samples.plain_topic("Elsewhere")
    page = app.EventPage(title="Walk", slug="walk", type="walk", summary="Own", topic=topic)
    texts = [text.text for text in texts_of_source(source_of(samples.published(page, home)))]
    assert "Own" in texts
    assert "Elsewhere" not in texts
    assert "Elsewhere" in [text.text for text in texts_of_source(source_of(topic))]


def test_what_is_not_public_has_no_texts(home: Page) -> None:
    page = blocks_page(home)
    source = source_of(page)
    page.unpublish()
    assert texts_of_source(source) == []


def test_a_place_that_the_document_does_not_have_is_left_out(home: Page) -> None:
    """As of a picture that is broken: its description was recorded before the picture was read."""
    source = source_of(blocks_page(home))
    document = PublishedDocument.objects.get(source=source)
    places = [["/one_kind/7/value", "x"], ["/nothing", "x"], ["/title/a", "x"]]
    document.texts = pack_texts(places, bytes(document.body))
    assert list(texts_of(document)) == []


def test_the_signal_is_sent_for_what_is_written_and_what_is_removed(
    home: Page, told: list[str]
) -> None:
    page = blocks_page(home)
    source = source_of(page)
    assert source in told
    told.clear()
    page.save_revision()
    assert told == []
    page.unpublish()
    assert source in told


def test_a_receiver_that_fails_undoes_the_publish(home: Page) -> None:
    def fail(**kwargs: Any) -> None:
        raise RuntimeError("no index")

    topic = samples.plain_topic("Before")
    documents_changed.connect(fail)
    try:
        topic.title = "After"
        with pytest.raises(RuntimeError, match="no index"), publishing():
            topic.save()
    finally:
        documents_changed.disconnect(fail)
    topic.refresh_from_db()
    assert topic.title == "Before"
