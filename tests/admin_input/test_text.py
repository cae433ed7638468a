"""Text that cannot be stored is cleaned, and nothing else of it is lost."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.admin.rich_text import get_rich_text_editor_widget

from cms.admin_input.text import clean_json, clean_text
from cms.pages.models import StandardPage
from tests.admin_input.odd import contentstate, stream_values
from tests.factories import HomePageFactory, StandardPageFactory


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Tahniah \ud83d semua", "Tahniah  semua"),
        ("\udc00", ""),
        ("Tahniah \ud83d\ude00", "Tahniah 😀"),
        ("Tahniah 😀 \u202eabc", "Tahniah 😀 \u202eabc"),
        ("a\x00b", "ab"),
        ("", ""),
    ],
)
def test_only_what_cannot_be_stored_is_removed(text: str, clean: str) -> None:
    assert clean_text(text) == clean
    assert clean_json({text: [text, 1, None]}) == {clean: [clean, 1, None]}


def test_half_an_emoji_in_rich_text_leaves_the_rest() -> None:
    widget = get_rich_text_editor_widget("default")
    sent = {"body": contentstate("Tahniah \ud83d semua\x00")}
    assert "Tahniah  semua" in widget.value_from_datadict(sent, {}, "body")


@pytest.mark.django_db
@pytest.mark.parametrize("sent", ["", "{", "[1]", '"x"', '{"blocks": [1], "entityMap": {}}'])
def test_rich_text_in_another_format_is_refused(admin_client: Client, sent: str) -> None:
    page = StandardPageFactory(parent=HomePageFactory())
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    text = contentstate("Teks")
    form = stream_values(StandardPage, "Teks")
    form |= {name: sent for name, value in form.items() if value == text}
    answer = admin_client.post(url, form | {"title": "x"})
    assert answer.status_code == 400
    assert StandardPage.objects.get(pk=page.pk).latest_revision is None


@pytest.mark.django_db
def test_a_title_is_saved_without_nul(admin_client: Client) -> None:
    page = StandardPageFactory(parent=HomePageFactory())
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    form = {"title": "Cara\x00 menuntut", "slug": page.slug, "body-count": "0"}
    form |= {"comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0"}
    admin_client.post(url, form)
    page.refresh_from_db()
    assert page.get_latest_revision_as_object().title == "Cara menuntut"


@pytest.mark.django_db
def test_an_overlong_query_is_refused(admin_client: Client) -> None:
    url = reverse("wagtailadmin_pages:search")
    assert admin_client.get(url, {"q": "x" * 5_001}).status_code == 400
    assert admin_client.get(url, {"q": "x" * 5_000}).status_code == 200


def test_rich_text_of_the_editor_stays_as_it_is() -> None:
    widget = get_rich_text_editor_widget("default")
    kept = "<p>Akta 4 “SOCSO” 😀</p>"
    sent = {"body": widget.format_value(kept)}
    assert json.loads(sent["body"])["blocks"][0]["text"] == "Akta 4 “SOCSO” 😀"
    assert kept[3:-4] in widget.value_from_datadict(sent, {}, "body")
