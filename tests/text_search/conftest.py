"""Content and accounts for the search."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale

from cms.editors.groups import ensure_groups
from cms.pages.models import HomePage, StandardPage
from tests.factories import StandardPageFactory, bilingual_home
from tests.members import OFFICER, TRANSLATOR, browser_of
from tests.snippets.conftest import english, malay

__all__ = ["english", "malay"]


@pytest.fixture
def home(malay: Locale, english: Locale) -> HomePage:
    """The Malay home page, with an English one beside it."""
    ensure_groups()
    return bilingual_home(malay, english)


@pytest.fixture
def english_home(home: HomePage, english: Locale) -> HomePage:
    return HomePage.objects.get(locale=english)


@pytest.fixture
def officer(home: HomePage) -> Client:
    return browser_of(OFFICER, language="en")


@pytest.fixture
def translator(home: HomePage) -> Client:
    """May change English content; Malay is of others."""
    return browser_of(TRANSLATOR, language="en")


def section(heading: str, text: str, key: str = "8e1a3f0c-0000-4000-8000-000000000001") -> Any:
    """A text section as a revision stores it."""
    value = {"heading": heading, "anchor": "", "body": f"<p>{text}</p>"}
    return {"type": "text", "id": key, "value": value}


def page_in(home: HomePage, text: str = "", *, live: bool = True, **fields: Any) -> StandardPage:
    """A page with a section, public if `live`."""
    page = StandardPageFactory(parent=home, locale=home.locale, live=False, **fields)
    page.body = StandardPage.body.field.stream_block.to_python([section("Sejarah", text)])
    revision = page.save_revision()
    if live:
        revision.publish()
    return StandardPage.objects.get(pk=page.pk)


def drafted(page: StandardPage, text: str) -> StandardPage:
    """The page with another text in a draft."""
    page.body = StandardPage.body.field.stream_block.to_python([section("Sejarah", text)])
    page.save_revision()
    return StandardPage.objects.get(pk=page.pk)


@pytest.fixture
def find() -> Callable[..., str]:
    """The HTML of the results of a search."""

    def found(client: Client, phrase: str, **filters: str) -> str:
        response = client.get(reverse("text_search"), {"q": phrase, **filters})
        assert response.status_code == 200
        text = response.content.decode()
        return unescape(text[text.index('class="text-search ') :])

    return found
