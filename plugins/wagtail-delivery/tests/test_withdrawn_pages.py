"""What the API tells of pages that are not public: only whether they once were, at that address."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, PageViewRestriction, Site

from tests.samples import published
from tests.testapp import models as app

pytestmark = pytest.mark.django_db
API = "/api/v1"
Change = Callable[[Page], object]


def restrict(page: Page, kind: str = PageViewRestriction.LOGIN) -> None:
    restriction = PageViewRestriction.objects.create(page=page, restriction_type=kind, password="x")
    if kind == PageViewRestriction.GROUPS:
        restriction.groups.add(Group.objects.create(name="staff"))


def move_below_private(page: Page) -> None:
    inner = app.PlainPage(title="Inner", slug="inner", live=False)
    page.get_parent().add_child(instance=inner)
    restrict(inner)
    inner.save_revision().publish()
    Page.objects.get(pk=page.pk).move(Page.objects.get(pk=inner.pk), pos="last-child")


def rename_in_private(page: Page) -> None:
    restrict(page)
    page.slug = "renamed"
    page.save_revision().publish()


#: Ways in which a page that was public is no longer.
WITHDRAWN: dict[str, Change] = {
    "unpublished": lambda page: page.unpublish(),
    "deleted": lambda page: page.delete(),
    "login": restrict,
    "password": lambda page: restrict(page, PageViewRestriction.PASSWORD),
    "groups": lambda page: restrict(page, PageViewRestriction.GROUPS),
    "below a private page": move_below_private,
    "private and renamed": rename_in_private,
    "private and unpublished": lambda page: (restrict(page), page.unpublish()),
    "private and published again": lambda page: (restrict(page), page.save_revision().publish()),
    "private and deleted": lambda page: (restrict(page), page.delete()),
}


def draft(home: Page) -> Page:
    page = app.PlainPage(title="Page", slug="page", live=False)
    home.add_child(instance=page)
    page.save_revision()
    return page


def private_draft(home: Page) -> Page:
    page = draft(home)
    restrict(page)
    return page


def private_from_the_start(home: Page) -> Page:
    page = private_draft(home)
    page.save_revision().publish()
    return page


def below_private(home: Page) -> Page:
    inner = app.PlainPage(title="Inner", slug="inner", live=False)
    home.add_child(instance=inner)
    restrict(inner)
    inner.save_revision().publish()
    return published(app.PlainPage(title="Page", slug="page"), inner)


#: Pages that never were public; None for none at all.
NEVER_PUBLIC: dict[str, Callable[[Page], Page | None]] = {
    "none": lambda home: None,
    "draft": draft,
    "private draft": private_draft,
    "private from its first publish": private_from_the_start,
    "below a private page": below_private,
}
PATH, PATH_BELOW = "/page/", "/inner/page/"
UNKNOWN_PATH = "/nothing/"
UNKNOWN_ID = "00000000-0000-4000-8000-000000000000"


def responses_about(path: str, page: Page | None) -> list[Any]:
    """All that the API tells of a path and a page: statuses, headers and bodies."""
    page_id = str(page.translation_key) if page else UNKNOWN_ID
    found = []
    for address, query in (
        ("/resolve", {"path": path}),
        ("/resolve", {"path": path.rstrip("/")}),
        ("/resolve", {"path": path, "site": "localhost:80"}),
        (f"/pages/{page_id}", {}),
        ("/pages", {"parent": page_id}),
        ("/pages", {"title": "Page"}),
    ):
        response = Client().get(API + address, query)
        headers = dict(response.headers)
        # The number of the whole log, which tells of no page.
        headers.pop("X-Content-Sequence", None)
        found.append((response.status_code, headers, response.content))
    return found


def statuses(responses: list[Any]) -> list[int]:
    return [status for status, *_ in responses]


@pytest.fixture
def nothing_here(home: Page) -> list[Any]:
    return responses_about(UNKNOWN_PATH, None)


@pytest.mark.parametrize("name", NEVER_PUBLIC)
def test_what_never_was_public_is_like_what_never_existed(
    home: Page, name: str, nothing_here: list[Any]
) -> None:
    page = NEVER_PUBLIC[name](home)
    if page:
        Redirect.add_redirect("/old", redirect_to=page)
    assert statuses(nothing_here) == [404, 404, 404, 404, 200, 200]
    for path in (PATH, PATH_BELOW, "/old"):
        assert responses_about(path, page) == nothing_here
    # Nor does what happens to it later make a difference.
    if page and Page.objects.get(pk=page.pk).live:
        Page.objects.get(pk=page.pk).specific.unpublish()
        assert responses_about(PATH, page) == nothing_here
    if page:
        Page.objects.get(pk=page.pk).delete()
        assert responses_about(PATH, page) == nothing_here


def withdrawn(name: str, home: Page) -> list[Any]:
    page = published(app.PlainPage(title="Page", slug="page"), home)
    assert statuses(responses_about(PATH, page)) == [200] * 6
    return withdrawn_responses(name, page)


def withdrawn_responses(name: str, page: Page) -> list[Any]:
    WITHDRAWN[name](page)
    return responses_about(PATH, page)


@pytest.mark.parametrize("name", WITHDRAWN)
def test_what_was_public_tells_nothing_of_what_it_is_now(
    home: Page, name: str, nothing_here: list[Any]
) -> None:
    """Its address answers 410, whatever happened to it, and its id as if it never existed."""
    found = withdrawn(name, home)
    gone = found[0]
    assert statuses(found) == [410, 410, 410, 404, 200, 200]
    assert all(response == gone for response in found[1:3])
    assert (gone[1].keys(), gone[1]["Cache-Control"]) == (nothing_here[0][1].keys(), "no-store")
    assert b"page" not in gone[2].replace(b"about:blank", b"").lower()
    assert found[3:] == nothing_here[3:]
    # No other address of it, past or present, is told.
    for path in ("/renamed/", "/inner/", PATH_BELOW):
        assert responses_about(path, None)[0] == nothing_here[0]


@pytest.mark.parametrize("name", WITHDRAWN)
def test_a_redirect_to_what_is_not_public_is_like_no_redirect(
    home: Page, name: str, nothing_here: list[Any]
) -> None:
    """Whether its page is private, unpublished or, and the redirect with it, deleted."""
    page = published(app.PlainPage(title="Page", slug="page"), home)
    second = Site.objects.create(hostname="second.example", port=80, root_page=home)
    Redirect.add_redirect("/old", redirect_to=page)
    Redirect.add_redirect("/of-site", redirect_to=page, site=second)
    Redirect.add_redirect("/old?id=7", redirect_to=page)
    # At the past address of another page, the redirect hid that this is gone.
    other = published(app.PlainPage(title="Other", slug="other"), home)
    Redirect.add_redirect("/other", redirect_to=page)
    other.delete()
    assert statuses(responses_about("/old", page))[:3] == [200, 200, 200]
    gone = withdrawn_responses(name, page)
    for path in ("/old", "/old/", "/old?id=7", "/of-site", "/of-site/"):
        assert responses_about(path, None) == nothing_here, path
    assert responses_about("/other", None)[:3] == gone[:3]
    asked = Client().get(f"{API}/resolve", {"path": "/of-site", "site": "second.example:80"})
    assert (asked.status_code, asked.content) == (404, nothing_here[0][2])


def test_every_withdrawn_page_gets_the_same_response(home: Page) -> None:
    first = None
    for name in WITHDRAWN:
        found = withdrawn(name, home)
        first = first or found
        assert found == first, name
        for page in Page.objects.filter(slug__in=["page", "inner", "renamed"]).order_by("-depth"):
            page.delete()
        Group.objects.all().delete()


@pytest.mark.parametrize("name", NEVER_PUBLIC)
def test_a_withdrawn_address_does_not_tell_of_its_successor(home: Page, name: str) -> None:
    """A private page or a draft where a public page was."""
    before = withdrawn("deleted", home)
    page = NEVER_PUBLIC[name](home)
    assert responses_about(PATH, page)[:3] == before[:3]
