"""A Malay and an English home page, and isolation of the active language."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.utils import translation
from wagtail.models import Locale, Page

from tests.newsroom.content import published_article, submit
from tests.newsroom.models import Article
from tests.newsroom.people import publisher_of, translator_of
from tests.screen_desk import speak_english


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """Wagtail's cached site roots outlive the rows that a test rolled back."""
    cache.clear()


@pytest.fixture(autouse=True)
def messages_in_english() -> Iterator[None]:
    """Messages as they are in the code, whether or not the Malay catalogue is compiled.

    The admin shows them in the active language. A request of Django's test client leaves its
    language active in the thread.
    """
    with translation.override("en"):
        yield


@pytest.fixture
def ms(db) -> Locale:
    return Locale.objects.get(language_code="ms")


@pytest.fixture
def en(db) -> Locale:
    return Locale.objects.get_or_create(language_code="en")[0]


@pytest.fixture
def home(ms: Locale) -> Page:
    """The published Malay home page, replacing Wagtail's welcome page."""
    root = Page.get_first_root_node()
    root.get_children().get().delete()
    root.refresh_from_db()
    page = root.add_child(instance=Page(title="Utama", slug="utama", locale=ms, live=False))
    page.save_revision().publish()
    return Page.objects.get(pk=page.pk)


@pytest.fixture
def english_home(home: Page, en: Locale) -> Page:
    """The published English home page, written by hand and not through wagtail-localize."""
    page = home.copy_for_translation(en)
    page.title = "Home"
    page.save_revision().publish()
    return Page.objects.get(pk=page.pk)


@pytest.fixture
def translator(english_home: Page) -> User:
    """Somebody who may change the English pages."""
    return translator_of(english_home)


@pytest.fixture
def user(translator: User) -> User:
    """The same, with the admin in English."""
    speak_english(translator)
    return translator


@pytest.fixture
def publisher(english_home: Page) -> User:
    """Somebody who may publish the English pages."""
    return publisher_of(english_home)


@pytest.fixture
def article(home: Page, english_home: Page, en: Locale) -> Article:
    """A published Malay article that is submitted for translation into English."""
    article = published_article(home)
    submit(article, en)
    return article
