"""The admin is PERKESO's in its titles, icon and log-in, and each language is only itself."""

from __future__ import annotations

import re

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from wagtail_localize.models import StringTranslation

from cms.content_files.translating import TOOL
from cms.pages.blocks.timeline import TimelineEventBlock
from tests.snippets.conftest import admin

__all__ = ["admin"]


@pytest.mark.parametrize("name", ["wagtailadmin_home", "wagtailadmin_reports:aging_pages"])
def test_titles_and_icon(admin: Client, name: str) -> None:
    html = admin.get(reverse(name)).content.decode()
    title = re.search(r"<title>(.*?)</title>", html, re.DOTALL)
    assert title is not None
    assert title[1].strip().endswith("- PERKESO CMS")
    assert "admin_language/favicon.svg" in html
    assert finders.find("admin_language/favicon.svg")


@pytest.mark.django_db
def test_the_log_in_names_the_product(client: Client) -> None:
    html = client.get(reverse("wagtailadmin_login")).content.decode()
    assert "Log masuk ke PERKESO CMS" in html
    assert "Wagtail" not in re.sub(r"<script.*?</script>|<!--.*?-->", "", html, flags=re.DOTALL)


@pytest.mark.parametrize(("language", "tool"), [("ms", "fail kandungan"), ("en", "content files")])
def test_a_loaded_string_names_its_tool_in_the_users_language(language: str, tool: str) -> None:
    loaded = StringTranslation(
        translation_type=StringTranslation.TRANSLATION_TYPE_MACHINE, tool_name=TOOL
    )
    loaded.updated_at = timezone.now()
    with override(language):
        assert tool in str(loaded.get_comment())


def test_the_head_of_an_event_is_its_text() -> None:
    assert TimelineEventBlock().meta.label_format == "{text}"
