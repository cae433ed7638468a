"""A page is public only if every page above it is live: a section goes offline as a whole."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.actions.convert_alias import ConvertAliasPageAction
from wagtail.models import Page, Site

from tests.clock import time_is
from tests.samples import plain_topic, published, reloaded
from tests.stored import body_of, changes_since, differences, document_of, last_sequence, members_of
from tests.testapp import models as app
from wagtail_delivery.content.observed_queries import observing_queries
from wagtail_delivery.content.snapshot import SiteSnapshot

pytestmark = pytest.mark.django_db
API = "/api/v1"
PATH = "/section/part/page/"


@pytest.fixture
def section(home: Page) -> app.PlainPage:
    return published(app.PlainPage(title="Section", slug="section"), home)


@pytest.fixture
def part(section: app.PlainPage) -> app.PlainPage:
    return published(app.PlainPage(title="Part", slug="part"), section)


@pytest.fixture
def page(part: app.PlainPage) -> app.EventPage:
    return published(app.EventPage(title="Event", slug="page", type="talk"), part)


def again(page: Page) -> Any:
    return Page.objects.get(pk=page.pk).specific


def publish(page: Page) -> None:
    again(page).save_revision().publish()


def are_public(*pages: Page) -> list[bool]:
    """Whether the API has each page, which all its doors must agree on, as must a rebuild."""
    found = []
    for page in map(again, pages):
        client, key = Client(), str(page.translation_key)
        listed = client.get(f"{API}/pages", {"limit": 100}).json()["items"]
        is_public = document_of(page) is not None
        assert (client.get(f"{API}/pages/{key}").status_code == 200) is is_public
        assert (key in {item["id"] for item in listed}) is is_public
        if (parts := page.get_url_parts()) is not None:
            resolved = client.get(f"{API}/resolve", {"path": parts[2]}).json()
            assert (resolved.get("page", resolved).get("id") == key) is is_public
        found.append(is_public)
    assert differences() == []
    return found


def test_what_is_below_goes_and_comes_with_a_section(
    section: app.PlainPage, part: app.PlainPage, page: app.EventPage
) -> None:
    sequence = last_sequence()
    again(section).unpublish()
    assert are_public(section, part, page) == [False] * 3
    paths = ("/section/", "/section/part/", PATH)
    assert {change[::2] for change in changes_since(sequence)} == {
        ("delete", path) for path in paths
    }
    response = Client().get(f"{API}/resolve", {"path": PATH})
    assert response.status_code == 410

    # Publishing what is still below it shows nothing.
    publish(page)
    publish(part)
    assert are_public(section, part, page) == [False] * 3

    sequence = last_sequence()
    publish(section)
    assert are_public(section, part, page) == [True] * 3
    assert {change[::2] for change in changes_since(sequence)} == {
        ("upsert", path) for path in paths
    }


def test_a_draft_in_between_hides_only_what_is_below_it(
    section: app.PlainPage, part: app.PlainPage, page: app.EventPage
) -> None:
    again(part).unpublish()
    again(section).unpublish()
    publish(section)
    assert are_public(section, part, page) == [True, False, False]
    publish(part)
    assert are_public(section, part, page) == [True] * 3


def test_nothing_leads_to_a_page_below_a_draft(
    section: app.PlainPage, page: app.EventPage, home: Page
) -> None:
    """Cards, links in texts, and menus of other pages, and they return with it."""
    to_page = app.Relations.objects.create(
        name="To", plain=plain_topic(), page=Page.objects.get(pk=page.pk)
    )
    text = f'<p><a linktype="page" id="{page.pk}">there</a></p>'
    other = published(app.EventPage(title="Other", slug="other", type="talk", body=text), home)
    assert members_of(to_page)["page"]["path"] == PATH
    assert PATH in members_of(other)["body"]["html"]
    again(section).unpublish()
    assert members_of(to_page)["page"] is None
    assert PATH not in members_of(other)["body"]["html"]
    assert differences() == []
    publish(section)
    assert members_of(to_page)["page"]["path"] == PATH
    assert PATH in members_of(other)["body"]["html"]
    assert differences() == []


def test_pages_move_below_a_draft_and_out_of_it(
    section: app.PlainPage, part: app.PlainPage, page: app.EventPage, home: Page
) -> None:
    draft = app.PlainPage(title="Draft", slug="draft", live=False)
    reloaded(home).add_child(instance=draft)
    again(part).move(again(draft), pos="last-child")
    assert are_public(section, part, page, draft) == [True, False, False, False]
    again(page).move(again(home), pos="first-child")
    assert are_public(part, page) == [False, True]
    again(part).move(again(section), pos="last-child")
    assert are_public(section, part, page) == [True] * 3


def test_a_section_with_a_schedule_takes_what_is_below_along(
    section: app.PlainPage, page: app.EventPage
) -> None:
    now = timezone.now()
    section = again(section)
    section.expire_at = now + datetime.timedelta(hours=1)
    section.save_revision().publish()
    assert are_public(section, page) == [True, True]
    with time_is(now + datetime.timedelta(hours=2)):
        call_command("publish_scheduled")
    assert are_public(section, page) == [False, False]

    section = again(section)
    section.expire_at, section.go_live_at = None, now + datetime.timedelta(hours=3)
    section.save_revision().publish()
    assert are_public(section, page) == [False, False]
    with time_is(now + datetime.timedelta(hours=4)):
        call_command("publish_scheduled")
    assert are_public(section, page) == [True, True]


@pytest.mark.parametrize("keep_live", [True, False])
def test_a_copy_of_a_section_is_public_as_a_whole_or_not_at_all(
    keep_live: bool, section: app.PlainPage, page: app.EventPage, home: Page
) -> None:
    copy = again(section).copy(
        recursive=True, to=home, update_attrs={"slug": "copy"}, keep_live=keep_live
    )
    pages = [*Page.objects.filter(path__startswith=copy.path).specific()]
    assert len(pages) == 3
    assert are_public(*pages) == [keep_live] * 3
    # Each of them is published below its draft, from the bottom up.
    for below in reversed(pages):
        publish(below)
    assert are_public(*pages) == [True] * 3


def test_a_copy_into_a_draft_is_not_public(page: app.EventPage, home: Page) -> None:
    draft = app.PlainPage(title="Draft", slug="draft", live=False)
    reloaded(home).add_child(instance=draft)
    copy = again(page).copy(to=again(draft), keep_live=True)
    assert copy.live
    assert are_public(copy) == [False]
    publish(draft)
    assert are_public(copy) == [True]


def test_only_the_place_of_an_alias_counts(
    section: app.PlainPage, part: app.PlainPage, page: app.EventPage, home: Page
) -> None:
    """As with private sections: an alias elsewhere stays, and one below a draft is hidden."""
    outside = again(page).create_alias(parent=reloaded(home), update_slug="outside")
    twin = again(part).create_alias(parent=reloaded(home), update_slug="twin")
    inside = again(outside).create_alias(parent=again(twin), update_slug="inside")
    assert are_public(outside, twin, inside) == [True] * 3
    again(section).unpublish()
    assert are_public(page, outside, twin, inside) == [False, True, True, True]
    # An alias goes offline with its source, and what is below the alias with the alias.
    again(part).unpublish()
    assert are_public(outside, twin, inside) == [True, False, False]
    publish(part)
    assert are_public(outside, twin, inside) == [True] * 3
    again(part).unpublish()
    ConvertAliasPageAction(again(twin)).execute(skip_permission_checks=True)
    publish(twin)
    assert are_public(part, page, twin, inside) == [False, False, True, True]


def test_saving_and_deleting_by_code(
    section: app.PlainPage, part: app.PlainPage, page: app.EventPage
) -> None:
    section = again(section)
    section.live = False
    section.save()
    assert are_public(part, page) == [False, False]
    section.live = True
    section.save(update_fields=["live"])
    assert are_public(part, page) == [True, True]
    again(part).unpublish()
    Page.objects.filter(pk=page.pk).delete()
    assert document_of(page) is None
    publish(part)
    assert are_public(section, part) == [True, True]


def test_a_page_that_gets_its_first_child_below_a_draft(home: Page) -> None:
    draft = app.PlainPage(title="Draft", slug="draft", live=False)
    reloaded(home).add_child(instance=draft)
    child = again(draft).add_child(instance=app.PlainPage(title="Child", slug="child"))
    sibling = app.PlainPage(title="Sibling", slug="sibling")
    again(child).add_sibling(pos="left", instance=sibling)
    assert are_public(draft, child, sibling) == [False] * 3
    publish(draft)
    assert are_public(draft, child, sibling) == [True] * 3


def test_a_site_goes_offline_with_its_home_page(home: Page, page: app.EventPage) -> None:
    site = Site.objects.get(is_default_site=True)
    assert Client().get(f"{API}/site").status_code == 200
    again(home).unpublish()
    assert document_of(page) is None
    assert Client().get(f"{API}/site").status_code == 404
    # The tree's own root counts for nothing.
    Page.objects.filter(depth=1).update(live=False)
    publish(home)
    assert body_of(page)["path"] == PATH
    assert site == Site.objects.get(root_page=home)
    assert differences() == []


def test_a_site_below_a_draft(home: Page, section: app.PlainPage, page: app.EventPage) -> None:
    """The site is a part of the section, and goes offline with it."""
    site = Site.objects.create(hostname="part.example", port=80, root_page=again(page.get_parent()))
    assert document_of(page) is not None
    again(section).unpublish()
    assert document_of(page) is None
    assert differences() == []
    site.delete()
    assert differences() == []


def test_an_ordinary_publish_asks_no_more_of_a_page_without_children(
    page: app.EventPage,
) -> None:
    """Neither publishing again nor a page without children looks below it."""
    below = f"LIKE '{page.path}"
    for change in (lambda: publish(page), lambda: again(page).unpublish(), lambda: publish(page)):
        with CaptureQueriesContext(connection) as queries:
            change()
        assert not [query for query in queries if below in query["sql"]]


def test_visibility_reads_only_the_pages_above(
    home: Page, section: app.PlainPage, part: app.PlainPage, page: app.EventPage
) -> None:
    """However many pages of the site are offline."""
    sibling = published(app.EventPage(title="Sibling", slug="sibling", type="talk"), part)
    other = published(app.PlainPage(title="Other", slug="other"), home)
    published(app.PlainPage(title="Below", slug="below"), other)
    again(other).unpublish()
    again(section).unpublish()
    pages = [again(page), again(sibling)]
    snapshot = SiteSnapshot()
    read: list[type[Model]] = []
    with CaptureQueriesContext(connection) as queries, observing_queries(read.append):
        assert [snapshot.is_public(each) for each in pages] == [False, False]
    (looked,) = [query["sql"] for query in queries]
    assert f"'{section.path}'" in looked
    assert other.path not in looked
    # Which document of many asks first is chance, and no dependency of it.
    assert read == []
