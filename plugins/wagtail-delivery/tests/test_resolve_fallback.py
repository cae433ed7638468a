"""`/resolve` with `fallback` answers as the document with `fallback` does."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings as project
from django.test import Client
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Locale, Page, PageViewRestriction, Site

from tests import samples
from tests.samples import published, reloaded
from tests.test_locales import translated
from tests.test_withdrawn_pages import UNKNOWN_PATH
from tests.testapp import models as app

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not project.WAGTAIL_I18N_ENABLED, reason="one locale"),
]
API = "/api/v1"


@pytest.fixture
def malay_home(home: Page, ms: Locale) -> Page:
    return translated(home, ms, title="Utama")


@pytest.fixture
def page(home: Page, malay_home: Page) -> app.PlainPage:
    """Only in English, at `/page/`; in Malay it would be at `/ms/page/`."""
    return published(app.PlainPage(title="Page", slug="page"), home)


def resolve(path: str, **query: str) -> Any:
    return Client().get(f"{API}/resolve", {"path": path, **query})


def as_document(page: Page, locale: str, **query: str) -> Any:
    return Client().get(f"{API}/pages/{page.translation_key}", {"locale": locale, **query})


def assert_same(found: Any, document: Any) -> None:
    assert (found.status_code, document.status_code) == (200, 200), found.content
    assert found.content == document.content
    for header in ("ETag", "Content-Language", "Cache-Control"):
        assert found[header] == document[header], header
    assert set(found["Surrogate-Key"].split()) > set(document["Surrogate-Key"].split())


@pytest.mark.parametrize("path", ["/ms/page/", "/ms/page", "/ms/%70age/", "/ms/page/?q=1#x"])
def test_an_address_in_a_locale_without_the_page(page: app.PlainPage, path: str) -> None:
    found = resolve(path, fallback="en")
    assert_same(found, as_document(page, "ms", fallback="en"))
    body = found.json()
    # Its own address, for the canonical link.
    assert (body["path"], body["locale"]) == ("/page/", "en")
    assert body["meta"]["translation"]["status"] == "fallback"
    assert resolve(path).status_code == resolve(path, fallback="ms").status_code == 404


def test_an_address_below_a_translated_page_with_another_slug(
    home: Page, malay_home: Page, ms: Locale
) -> None:
    above = published(app.PlainPage(title="About", slug="about"), home)
    middle = published(app.PlainPage(title="Middle", slug="middle"), above)
    page = published(app.PlainPage(title="Page", slug="page"), middle)
    malay = translated(above, ms, title="Tentang", slug="tentang")
    expected = as_document(page, "ms", fallback="en")
    assert_same(resolve("/ms/tentang/middle/page/", fallback="en"), expected)
    for path in ("/ms/tentang/page/", "/ms/middle/page/", "/ms/tentang/middle/page/x/"):
        assert resolve(path, fallback="en").status_code == 404, path
    # Or below one further up, whose translation need not be the page's own parent.
    assert_same(resolve("/ms/about/middle/page/", fallback="en"), expected)
    malay.unpublish()
    assert_same(resolve("/ms/about/middle/page/", fallback="en"), expected)
    assert_same(resolve("/ms/tentang/", fallback="en"), as_document(above, "ms", fallback="en"))
    assert resolve("/ms/tentang/middle/page/", fallback="en").status_code == 404


def test_a_page_that_has_been_translated_since(page: app.PlainPage, ms: Locale) -> None:
    malay = translated(page, ms, title="Halaman", slug="halaman")
    found = resolve("/ms/page/", fallback="en").json()
    assert (found["type"], found["location"]) == ("redirect", "/ms/halaman/")
    assert found["permanent"] is False
    assert_same(resolve("/ms/halaman/", fallback="en"), as_document(malay, "ms", fallback="en"))
    # Its own past address, while the original is public.
    malay.unpublish()
    assert resolve("/ms/halaman/").status_code == 410
    expected = as_document(page, "ms", fallback="en")
    assert_same(resolve("/ms/halaman/", fallback="en"), expected)
    assert_same(resolve("/ms/page/", fallback="en"), expected)
    Page.objects.get(pk=page.pk).unpublish()
    assert resolve("/ms/halaman/", fallback="en").status_code == 410
    assert resolve("/ms/page/", fallback="en").status_code == 404


def test_content_within_a_page_falls_back(home: Page, malay_home: Page, ms: Locale) -> None:
    topic = samples.full_topic("Topic")
    page = published(
        app.EventPage(title="Event", slug="event", type="talk", full_topics=[topic]), home
    )
    malay = translated(page, ms, title="Acara", slug="acara")
    found = resolve("/ms/acara/", fallback="en")
    assert_same(found, as_document(malay, "ms", fallback="en"))
    assert [card["title"] for card in found.json()["full_topics"]] == ["Topic"]
    assert_same(resolve("/ms/acara/"), as_document(malay, "ms"))
    assert_same(resolve("/ms/acara/", fallback="ms"), as_document(malay, "ms"))


def test_nothing_secret_is_resolved_by_a_fallback(
    home: Page, page: app.PlainPage, malay_home: Page
) -> None:
    unknown = resolve(UNKNOWN_PATH, fallback="en")
    assert unknown.status_code == 404
    draft = home.add_child(instance=app.PlainPage(title="Draft", slug="draft", live=False))
    Redirect.add_redirect("/ms/old", redirect_to=draft)
    private = published(app.PlainPage(title="Private", slug="private"), home)
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    below = published(app.PlainPage(title="Below", slug="below"), private)
    for path in ("/ms/draft/", "/ms/private/", "/ms/private/below/", "/ms/old"):
        assert resolve(path, fallback="en").content == unknown.content, path
    assert below.live
    PageViewRestriction.objects.create(page=reloaded(page), restriction_type="login")
    assert resolve("/ms/page/", fallback="en").content == unknown.content


def test_another_sites_page_is_no_fallback(
    page: app.PlainPage, second_site: Site, ms: Locale
) -> None:
    second = "second.example:8080"
    assert resolve("/ms/page/", fallback="en", site=second).status_code == 404
    other_home = Page.objects.get(pk=second_site.root_page_id).specific
    translated(other_home, ms, title="Kedua")
    assert resolve("/ms/page/", fallback="en", site=second).status_code == 404
    other = published(app.PlainPage(title="Other", slug="page"), other_home)
    expected = as_document(other, "ms", fallback="en")
    assert_same(resolve("/ms/page/", fallback="en", site=second), expected)
    assert_same(resolve("/ms/page/", fallback="en"), as_document(page, "ms", fallback="en"))


def test_the_number_of_queries(page: app.PlainPage, django_assert_num_queries: Any) -> None:
    resolve("/page/", fallback="ms")
    for path, queries in (("/page/", 1), ("/ms/page/", 3), ("/ms/" + "x/" * 400, 3)):
        with django_assert_num_queries(queries):
            resolve(path, fallback="en")


def test_an_unknown_fallback(page: app.PlainPage) -> None:
    found = resolve("/ms/page/", fallback="xx")
    assert found.status_code == 404
    assert b"fallback" in found.content
