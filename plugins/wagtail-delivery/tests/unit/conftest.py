from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.utils.text import slugify
from wagtail.models import Collection, CollectionViewRestriction, Locale, Page, Site

from wagtail_delivery.content.snapshot import SiteSnapshot
from wagtail_delivery.encoding.base import Compilation

MakePage = Callable[..., Page]


@pytest.fixture
def make_compilation(db: None) -> Callable[..., Compilation]:
    """Return a factory of compilations that take a snapshot when called."""

    def make(locale: str = "ms", **more: Any) -> Compilation:
        return Compilation(SiteSnapshot(), locale, **more)

    return make


@pytest.fixture
def english(db: None) -> Locale:
    return Locale.objects.get_or_create(language_code="en")[0]


@pytest.fixture
def home(english: Locale) -> Page:
    """The home page of the default site, in Malay, with a public English translation."""
    Locale.objects.get_or_create(language_code="ms")
    site = Site.objects.get(is_default_site=True)
    malay = Locale.objects.get(language_code="ms")
    home = Page.get_first_root_node().add_child(
        instance=Page(title="Utama", slug="utama", locale=malay)
    )
    site.root_page = home
    site.save()
    translate(home, english, "Front page")
    return home


@pytest.fixture
def make_page(home: Page) -> MakePage:
    def make(title: str, parent: Page = home, **more: Any) -> Page:
        parent.refresh_from_db()
        return parent.add_child(
            instance=Page(title=title, slug=slugify(title), locale=parent.locale, **more)
        )

    return make


def translate(page: Page, locale: Locale, title: str, *, live: bool = True) -> Page:
    translation = page.copy_for_translation(locale)
    translation.title = title
    translation.slug = slugify(title)
    translation.live = live
    translation.save()
    return translation


@pytest.fixture
def private_collection(db: None) -> Collection:
    collection = Collection.get_first_root_node().add_child(name="Dalaman")
    CollectionViewRestriction.objects.create(
        collection=collection, restriction_type=CollectionViewRestriction.LOGIN
    )
    return collection
