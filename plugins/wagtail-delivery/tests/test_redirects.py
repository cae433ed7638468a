"""Targets of editors' redirects and of `/`, after changes to sites and pages."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site

from tests.samples import published
from tests.stored import differences, document_of, route_to
from tests.testapp import models as app
from wagtail_delivery.content.identity import identity_of
from wagtail_delivery.models import PublishedDocument, Route

pytestmark = pytest.mark.django_db
SECOND = "second.example:8080"


@pytest.fixture
def page(home: Page) -> app.PlainPage:
    return published(app.PlainPage(title="Page", slug="page"), home)


def resolve(path: str, **query: str) -> dict[str, Any]:
    """The API's response for `path`: its status and the members that a front-end needs."""
    answer = Client().get("/api/v1/resolve", {"path": path, **query})
    return {"answer": answer.status_code, **answer.json()}


def test_a_redirect_follows_its_target(page: app.PlainPage) -> None:
    to_page = Redirect.add_redirect("/short", redirect_to=page, is_permanent=False)
    to_link = Redirect.add_redirect("/away", redirect_to="https://example.org/x", is_permanent=True)
    for site in ("localhost:80", ""):
        assert route_to(site, "/short").document == document_of(page)
        assert route_to(site, "/short").permanent is False
        assert route_to(site, "/away").target == "https://example.org/x"

    page.slug = "moved"
    page.save_revision().publish()
    assert route_to("", "/short").document == document_of(page)
    Page.objects.get(pk=page.pk).unpublish()
    assert route_to("", "/short").document is None
    Page.objects.get(pk=page.pk).specific.save_revision().publish()
    assert route_to("", "/short").document == document_of(page)

    to_link.redirect_link = "https://example.org/y"
    to_link.save()
    assert route_to("", "/away").target == "https://example.org/y"
    to_link.delete()
    assert route_to("", "/away") is None
    to_page.delete()
    assert route_to("", "/short") is None
    assert differences() == []


def test_changing_the_address_of_a_redirect(page: app.PlainPage) -> None:
    redirect = Redirect.add_redirect("/short", redirect_to=page)
    redirect.old_path = Redirect.normalise_path("/shorter")
    redirect.save()
    assert route_to("", "/shorter").document == document_of(page)
    assert route_to("", "/short") is None


def test_a_page_takes_precedence_over_a_redirect(home: Page, page: app.PlainPage) -> None:
    Redirect.add_redirect("/taken", redirect_to=page)
    other = published(app.PlainPage(title="Taken", slug="taken"), home)
    assert resolve("/taken/")["id"] == identity_of(other)
    Page.objects.get(pk=other.pk).unpublish()
    assert resolve("/taken/")["location"] == document_of(page).path
    Page.objects.get(pk=other.pk).specific.save_revision().publish()
    assert resolve("/taken/")["id"] == identity_of(other)
    other.slug = "free"
    other.save_revision().publish()
    assert resolve("/taken/")["location"] == document_of(page).path
    assert differences() == []


def test_a_redirect_of_one_site(page: app.PlainPage, second_site: Site) -> None:
    Redirect.add_redirect("/short", redirect_to=page, site=second_site)
    assert route_to(SECOND, "/short").document == document_of(page)
    assert route_to("localhost:80", "/short") is None
    assert route_to("", "/short") is None


def test_redirects_older_than_the_plugin(page: app.PlainPage) -> None:
    Redirect.add_redirect("/short", redirect_to=page)
    Route.objects.all().delete()
    PublishedDocument.objects.all().delete()
    call_command("delivery_rebuild", verbosity=0)
    assert route_to("", "/short").document == document_of(page)
    assert route_to("", "/page/").document == document_of(page)


@pytest.mark.parametrize("of_one_site", [True, False])
def test_renaming_a_site(page: app.PlainPage, second_site: Site, *, of_one_site: bool) -> None:
    Redirect.add_redirect(
        "/old", redirect_to=page, site=second_site if of_one_site else None, is_permanent=False
    )
    assert route_to(SECOND, "/old").document == document_of(page)
    second_site.hostname = "renamed.example"
    second_site.save()
    assert route_to("renamed.example:8080", "/old").document == document_of(page)
    assert route_to("renamed.example:8080", "/old").permanent is False
    assert route_to(SECOND, "/old") is None
    assert differences() == []


def test_changing_the_default_site(page: app.PlainPage, second_site: Site) -> None:
    first = Site.objects.get(is_default_site=True)
    Redirect.add_redirect("/old", redirect_to=page, site=first)
    Redirect.add_redirect("/other", redirect_to="https://example.org/", site=second_site)
    assert route_to("", "/old").document == document_of(page)
    first.is_default_site = False
    first.save()
    second_site.is_default_site = True
    second_site.save()
    assert route_to("", "/old") is None
    assert route_to("localhost:80", "/old").document == document_of(page)
    assert route_to("", "/other").target == "https://example.org/"
    assert differences() == []


def test_deleting_a_site(page: app.PlainPage, second_site: Site) -> None:
    Redirect.add_redirect("/old", redirect_to=page, site=second_site)
    Redirect.add_redirect("/all", redirect_to=page)
    Site.objects.filter(pk=second_site.pk).delete()
    assert not Route.objects.filter(site=SECOND, path__in=["/old", "/all"])
    assert route_to("", "/all").document == document_of(page)
    assert differences() == []


def test_a_redirect_of_one_site_takes_precedence(page: Page, second_site: Site) -> None:
    Redirect.add_redirect("/old", redirect_to=page, site=second_site)
    of_all = Redirect.add_redirect("/old", redirect_to="https://example.org/")
    assert route_to(SECOND, "/old").document == document_of(page)
    assert route_to("", "/old").target == "https://example.org/"
    of_all.delete()
    assert route_to(SECOND, "/old").document == document_of(page)
    assert route_to("", "/old") is None
    assert differences() == []


def test_deleting_redirects_in_bulk(page: app.PlainPage) -> None:
    Redirect.add_redirect("/old", redirect_to=page)
    Redirect.objects.all().delete()
    assert route_to("", "/old") is None


def test_verify_checks_redirects(page: app.PlainPage) -> None:
    Redirect.add_redirect("/old", redirect_to=page)
    Redirect.add_redirect("/away", redirect_to="https://example.org/")
    assert differences() == []
    Route.objects.filter(path="/old").delete()
    Route.objects.filter(site="", path="/away").update(target="https://example.org/wrong")
    found = {(found.source, found.what) for found in differences()}
    assert found == {
        (source, "leads to the wrong target")
        for source in ("localhost:80/old", "default site/old", "default site/away")
    }
    call_command("delivery_rebuild", verbosity=0)
    assert differences() == []


OLD = "/index.php?option=com_content&view=article&id=7&lang=ms"
IN_ORDER = "/index.php?id=7&lang=ms&option=com_content&view=article"


def add_as_typed(path: str, page: Page) -> None:
    """As code or a fixture can, without Wagtail's normalization."""
    Redirect.objects.create(old_path=path, redirect_page=page)


def add_normalized(path: str, page: Page) -> None:
    Redirect.add_redirect(path, redirect_to=page)


@pytest.mark.parametrize("add", [add_as_typed, add_normalized])
@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        (OLD, [OLD, IN_ORDER, f"{OLD}&utm_source=x", "/index.php/?lang=ms&" + OLD[11:-8]]),
        ("/q?id=3", ["/q?id=3", "/q/?id=3", "/q?id=3#x"]),
        ("/q/?id=3", ["/q?id=3", "/q/?id=3"]),
        ("/q?a=b+c", ["/q?a=b c", "/q?a=b%20c", "/q?a=b+c"]),
        ("/q?f[1]=a%26b", ["/q?f[1]=a%26b", "/q?f%5b1%5D=a%26b"]),
        (
            "/\u00e9-\u706b",
            ["/\u00e9-\u706b/", "/e\u0301-\u706b", "/%c3%a9-%E7%81%ab", "/e%CC%81-\u706b"],
        ),
        ("/e\u0301", ["/\u00e9", "/e\u0301/", "/%C3%A9"]),
        ("/%C3%A9", ["/\u00e9", "/e\u0301/", "/%C3%A9/"]),
        ("/a b", ["/a b", "/a%20b/"]),
        ("/a;c;b", ["/a;b;c", "/a;c;b/"]),
        ("/", ["/"]),
    ],
)
def test_a_redirect_is_found_in_any_spelling(
    below: None, page: app.PlainPage, add: Any, typed: str, asked: list[str]
) -> None:
    add(typed, page)
    at = document_of(page).path
    for path in asked:
        assert resolve(path).get("location") == at, path
    assert differences() == []
    Redirect.objects.all().delete()
    assert not [path for path in asked if resolve(path).get("location") == at]
    assert differences() == []


@pytest.mark.parametrize(
    ("typed", "location"),
    [
        (
            "https://example.org/\u00e9?q=\u706b#\u00e9",
            "https://example.org/%C3%A9?q=%E7%81%AB#%C3%A9",
        ),
        ("https://example.org/%c3%a9/e\u0301", "https://example.org/%c3%a9/e%CC%81"),
        ("/e\u0301 b/?q=\u706b#x", "/%C3%A9%20b/?q=%E7%81%AB#x"),
        ("//example.org/e\u0301", "//example.org/e%CC%81"),
    ],
)
def test_the_target_of_a_redirect_is_encoded(site: Site, typed: str, location: str) -> None:
    Redirect.add_redirect("/old", redirect_to=typed)
    assert resolve("/old")["location"] == location
    assert differences() == []


@pytest.mark.parametrize(
    ("model", "values", "below"),
    [
        (app.PlainPage, {"slug": "\u00e9-\u706b"}, "/"),
        # Its own `get_url_parts` encodes nothing.
        (app.ElsewherePage, {"slug": "fire", "address": "e\u0301-\u706b"}, "/elsewhere/"),
    ],
)
def test_a_page_and_redirects_to_it_have_their_path_in_one_encoding(
    home: Page, model: type[Page], values: dict[str, str], below: str
) -> None:
    page = published(model(title="Fire", **values), home)
    encoded = f"{below}%C3%A9-%E7%81%AB/"
    Redirect.add_redirect("/old", redirect_to=page)
    assert resolve("/old")["location"] == resolve(encoded)["path"] == encoded
    for typed in ("\u00e9-\u706b", "e\u0301-\u706b", "%c3%a9-%e7%81%ab", "e%CC%81-%E7%81%AB"):
        assert resolve(f"{below}{typed}/")["path"] == encoded
    assert differences() == []


def test_a_past_address_returns_when_its_redirect_is_deleted(home: Page) -> None:
    page = published(app.PlainPage(title="Page", slug="a"), home)
    other = published(app.PlainPage(title="Other", slug="other"), home)
    page.slug = "b"
    page.save_revision().publish()
    Redirect.objects.all().delete()
    assert resolve("/a/")["location"] == "/b/"
    redirect = Redirect.add_redirect("/a", redirect_to=other)
    assert resolve("/a/")["location"] == "/other/"
    redirect.delete()
    assert resolve("/a/")["location"] == "/b/"
    Page.objects.get(pk=page.pk).delete()
    assert resolve("/a/")["answer"] == 410
    assert differences() == []


def test_the_last_page_of_an_address_keeps_it(home: Page) -> None:
    pages = [published(app.PlainPage(title=name, slug=name), home) for name in ("a", "b")]
    for page in (*pages, pages[0]):
        page.slug = "x"
        page.save_revision().publish()
        page.slug = f"moved-{page.pk}"
        page.save_revision().publish()
        Redirect.objects.all().delete()
        assert resolve("/x/")["location"] == f"/moved-{page.pk}/"
    assert differences() == []


def test_a_redirect_to_a_draft_is_not_found(home: Page) -> None:
    draft = home.add_child(instance=app.PlainPage(title="Draft", slug="draft", live=False))
    Redirect.add_redirect("/old", redirect_to=draft)
    assert resolve("/old")["answer"] == 404
    assert differences() == []
    draft.save_revision().publish()
    assert resolve("/old")["location"] == document_of(draft).path
    Page.objects.get(pk=draft.pk).unpublish()
    assert resolve("/old")["answer"] == 404
    assert differences() == []


def test_redirects_that_wagtail_creates_for_moved_pages(page: app.PlainPage) -> None:
    published(app.PlainPage(title="Child", slug="child"), page)
    old = document_of(page).path
    page.slug = "moved"
    page.save_revision().publish()
    assert Redirect.objects.filter(old_path__startswith=old.rstrip("/")).count() == 2
    assert differences() == []


def test_a_redirect_to_a_route_of_a_routable_page(home: Page) -> None:
    page = published(app.RoutableIndexPage(title="Years", slug="years"), home)
    redirect = Redirect.add_redirect("/2026", redirect_to=page, page_route_path="/year/2026/")
    nothing_there = Redirect.add_redirect("/x", redirect_to=page, page_route_path="/month/1/")
    at = document_of(page).path
    assert resolve("/2026")["location"] == f"{at}year/2026/"
    assert resolve("/x")["location"] == at
    page.slug = "moved"
    page.save_revision().publish()
    assert resolve("/2026/")["location"] == f"{document_of(page).path}year/2026/"
    assert at != document_of(page).path
    Page.objects.get(pk=page.pk).unpublish()
    assert resolve("/2026")["answer"] == 404
    Page.objects.get(pk=page.pk).specific.save_revision().publish()
    assert resolve("/2026")["location"] == f"{document_of(page).path}year/2026/"
    redirect.redirect_page_route_path = ""
    redirect.save()
    assert resolve("/2026")["location"] == document_of(page).path
    nothing_there.delete()
    assert differences() == []


def test_changing_the_translation_key_of_a_redirects_target(page: app.PlainPage) -> None:
    Redirect.add_redirect("/old", redirect_to=page)
    page.translation_key = "3b0c2b5e-0000-4000-8000-000000000001"
    page.save()
    assert route_to("", "/old").document == document_of(page)
    assert differences() == []


# The redirect from `/`


def test_a_home_page_at_the_root(home: Page) -> None:
    assert route_to("", "/").document == document_of(home)
    assert resolve("/")["type"] == "plain_page"
    assert differences() == []


@pytest.fixture
def below(settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.urls_below"


def test_the_root_redirects_to_the_home_page(below: None, home: Page, second_site: Site) -> None:
    assert document_of(home).path == "/en/"
    there = {"type": "redirect", "location": "/en/", "permanent": False, "status": 302}
    assert there.items() <= resolve("/").items()
    assert {**there, "site": None}.items() <= resolve("/", site=SECOND).items()
    assert differences() == []

    home.unpublish()
    assert resolve("/")["answer"] == 404
    Page.objects.get(pk=home.pk).specific.save_revision().publish()
    assert resolve("/")["location"] == "/en/"
    assert differences() == []


def test_an_editors_redirect_takes_precedence_at_the_root(below: None, home: Page) -> None:
    redirect = Redirect.add_redirect("/", redirect_to="https://example.org/")
    assert resolve("/")["location"] == "https://example.org/"
    assert differences() == []
    redirect.delete()
    assert resolve("/")["location"] == "/en/"
    assert differences() == []


def test_changing_the_home_page_of_a_site(below: None, home: Page, second_site: Site) -> None:
    second_site.root_page = published(app.PlainPage(title="New", slug="new"), home)
    second_site.save()
    new = Page.objects.get(slug="new").specific
    assert route_to(SECOND, "/").document == document_of(new)
    assert differences() == []


def test_the_root_of_a_site_with_a_draft_home_page(below: None, home: Page) -> None:
    root = Page.get_first_root_node()
    later = root.add_child(instance=app.PlainPage(title="Later", slug="later", live=False))
    Site.objects.create(hostname="later.example", port=80, root_page=later)
    assert route_to("later.example:80", "/") is None
    later.save_revision().publish()
    assert route_to("later.example:80", "/").document == document_of(later)
    assert differences() == []
