"""A Malay and an English home page, and isolation of the active language."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.utils import translation
from wagtail.models import Locale, Page


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """Wagtail's cached site roots outlive the rows that a test rolled back."""
    cache.clear()


@pytest.fixture(autouse=True)
def restore_language() -> Iterator[None]:
    """A request of Django's test client leaves its language active in the thread."""
    with translation.override(translation.get_language()):
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
