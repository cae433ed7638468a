"""Markup that no editor stored is cleaned wherever rich text is shown."""

from __future__ import annotations

import json
from typing import Any

import pytest
from wagtail.models import Page

from tests import samples
from tests.stored import body_of, card_of, differences, members_of
from tests.testapp import models as app

pytestmark = pytest.mark.django_db

NASTY = (
    '<p onclick="a()" style="b">Teks<script>alert(1)</script> '
    '<a href="javascript:1">pautan</a><img src="https://x.example/p.gif"></p>'
)
CLEAN = {"html": "<p>Teks pautan</p>", "text": "Teks pautan"}


def test_markup_in_fields_blocks_and_tables_is_cleaned(home: Page) -> None:
    page = app.BlocksPage(title="Blocks", slug="blocks")
    page.one_kind = [("paragraph", NASTY)]
    table = {
        "columns": [{"type": "rich", "heading": "R"}],
        "rows": [{"values": [NASTY]}],
        "caption": "",
    }
    page.body = [("rich_text", NASTY), ("typed_table", table)]
    members = members_of(samples.published(page, home))
    assert members["one_kind"][0]["value"] == CLEAN
    assert members["body"][0]["value"] == CLEAN
    assert members["body"][1]["value"]["rows"][0][0]["value"] == CLEAN
    event = app.EventPage(title="Event", slug="event", type="walk", body=NASTY)
    assert members_of(samples.published(event, home))["body"] == CLEAN


def test_markup_in_snippets_and_their_cards_is_cleaned(home: Page) -> None:
    topic = samples.draft_topic(text=NASTY)
    assert members_of(topic)["text"] == CLEAN
    assert card_of(topic)["text"] == CLEAN
    page = app.BlocksPage(title="Blocks", slug="blocks", body=[("topics", [topic])])
    body = body_of(samples.published(page, home))
    assert body["body"][0]["value"][0]["text"] == CLEAN
    assert "alert" not in json.dumps(body)
    assert not differences()


def test_raw_html_stays_as_it_is(home: Page) -> None:
    page: Any = app.BlocksPage(title="Blocks", slug="blocks", body=[("raw_html", NASTY)])
    assert members_of(samples.published(page, home))["body"][0]["value"] == NASTY
