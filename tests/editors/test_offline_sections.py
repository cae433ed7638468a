"""Whoever unpublishes a page is told which pages below leave the public site with it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale, Page, PageViewRestriction, Site

from cms.editors.groups import ensure_groups
from cms.editors.offline_sections import NAMED, hidden_with
from cms.pages.models import HomePage
from tests.factories import HomePageFactory, SiteFactory, StandardPageFactory
from tests.members import PUBLISHER, TRANSLATOR, browser_of

pytestmark = pytest.mark.django_db
SENTENCE = "will not be public until the page above"


@pytest.fixture
def home(malay: Locale) -> HomePage:
    Site.objects.all().delete()
    page = HomePageFactory(locale=malay)
    SiteFactory(root_page=page)
    ensure_groups()
    return page


def page_in(parent: Page, title: str, **fields: Any) -> Page:
    parent = Page.objects.get(pk=parent.pk)
    page = StandardPageFactory(parent=parent, locale=parent.locale, title=title, **fields)
    return Page.objects.get(pk=page.pk)


def confirmations(client: Client, page: Page) -> list[str]:
    """The page that asks about one page, and the one that asks about many."""
    bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "unpublish"])
    one = reverse("wagtailadmin_pages:unpublish", args=[page.pk])
    return [client.get(address).content.decode() for address in (one, f"{bulk}?id={page.pk}")]


def test_the_confirmation_counts_and_names_the_pages_below(home: HomePage) -> None:
    section = page_in(home, "Seksyen")
    below = page_in(section, "Bawah & dalam")
    page_in(below, "Lagi bawah")
    draft = page_in(section, "Draf rahsia", live=False)
    page_in(draft, "Sudah terlindung")
    publisher = browser_of(PUBLISHER, language="en")
    for text in confirmations(publisher, section):
        assert f"2 pages below {SENTENCE}" in " ".join(text.split())
        assert "Bawah &amp; dalam" in text
        assert "Lagi bawah" in text
        assert "Sudah terlindung" not in text
        assert "Draf rahsia" not in text
    for text in confirmations(publisher, Page.objects.get(title="Lagi bawah")):
        assert SENTENCE not in text
    # Below a section that is offline nothing is public.
    Page.objects.get(pk=section.pk).unpublish()
    for text in confirmations(publisher, below):
        assert SENTENCE not in text


def test_the_confirmation_names_only_what_its_user_may_see(home: HomePage, english: Locale) -> None:
    section = page_in(home, "Seksyen")
    for number in range(NAMED + 2):
        page_in(section, f"Halaman {number}")
    hidden = page_in(section, "Rahsia")
    PageViewRestriction.objects.create(page=hidden, restriction_type=PageViewRestriction.LOGIN)
    for text in confirmations(browser_of(PUBLISHER, language="en"), section):
        assert f"{NAMED + 3} pages below {SENTENCE}" in " ".join(text.split())
        assert text.count("<li>Halaman ") == NAMED
        assert "3 more" in text
    HomePageFactory(locale=english, translation_key=home.translation_key)
    translator = browser_of(TRANSLATOR)
    titles = hidden_with(translator.user, [Page.objects.get(pk=section.pk)])
    assert (len(titles), "Rahsia" in titles) == (NAMED + 2, False)
