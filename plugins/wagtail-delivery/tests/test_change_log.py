"""Entries of the change log: what those who follow it are told of each change."""

from __future__ import annotations

import datetime
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site

from tests import samples
from tests.samples import published, reloaded
from tests.stored import document_of, last_sequence, rearranged_since
from tests.testapp import models as app
from wagtail_delivery.content.dependency_keys import key_of
from wagtail_delivery.models import Change, PublishedDocument
from wagtail_delivery.store.change_log import prune
from wagtail_delivery.surrogate_keys import document_key, path_key, surrogate_key

pytestmark = pytest.mark.django_db
HOST = "localhost:80"


@pytest.fixture
def page(home: Page) -> app.PlainPage:
    return published(app.PlainPage(title="New", slug="new"), home)


def last_change(instance: Any = None) -> Change:
    """The last entry, or the last one of the document of `instance`."""
    entries = Change.objects.order_by("sequence")
    if instance is not None:
        entries = entries.filter(resource_id=str(instance.translation_key))
    found = entries.last()
    assert found is not None
    return found


def keys_of(page: Page, *paths: str) -> set[str]:
    """The keys of an entry of a page with one slug."""
    own = document_key("pages", str(page.translation_key))
    return {own, document_key("pages", page.slug), "pages", *map(path_key, paths)}


def test_a_new_page(page: app.PlainPage) -> None:
    change = last_change(page)
    assert (change.site, change.path, change.paths_before) == (HOST, "/new/", [])
    assert set(change.surrogate_keys.split()) == keys_of(page, "/new/")
    assert change.expires_at is None


def test_a_moved_page_names_every_address_that_led_to_it(page: app.PlainPage) -> None:
    for slug in ("second", "third"):
        page = reloaded(page)
        page.slug = slug
        page.save_revision().publish()
    change = last_change(page)
    assert change.path == "/third/"
    assert change.paths_before == [[HOST, "/new/"], [HOST, "/second/"]]
    # An edit that leaves the address alone changes no other response.
    page = reloaded(page)
    page.title = "Newer"
    page.save_revision().publish()
    assert last_change(page).paths_before == []
    reloaded(page).unpublish()
    change = last_change(page)
    assert (change.action, change.site, change.path) == ("delete", HOST, "/third/")
    assert change.paths_before == [[HOST, "/new/"], [HOST, "/second/"]]


def test_a_page_below_a_moved_one(page: app.PlainPage) -> None:
    child = published(app.PlainPage(title="Child", slug="child"), page)
    parent = reloaded(page)
    parent.slug = "moved"
    parent.save_revision().publish()
    change = last_change(child)
    assert (change.path, change.paths_before) == ("/moved/child/", [[HOST, "/new/child/"]])


def test_a_page_of_another_site(page: app.PlainPage) -> None:
    site = Site.objects.get(is_default_site=True)
    site.port = 8080
    site.save()
    change = last_change(page)
    assert (change.site, change.path) == ("localhost:8080", "/new/")
    assert change.paths_before == [[HOST, "/new/"]]


def test_an_edit_names_the_keys_of_the_document_and_not_of_what_it_shows(home: Page) -> None:
    topic = samples.plain_topic("One")
    page = published(app.EventPage(title="Event", slug="event", type="talk"), home)
    page = reloaded(page)
    page.topic = topic
    page.save_revision().publish()
    assert set(last_change(page).surrogate_keys.split()) == keys_of(page, "/event/")
    # Both have it, so a cache can be purged of either.
    document = document_of(page)
    assert document is not None
    assert document.surrogate_keys.split()[0] in last_change(page).surrogate_keys.split()
    assert surrogate_key(key_of(topic)) in document.surrogate_keys.split()


def test_a_move_names_the_keys_before_and_after(page: app.PlainPage) -> None:
    page = reloaded(page)
    page.slug = "moved"
    page.save_revision().publish()
    change = last_change(page)
    assert change.slugs == ["moved", "new"]
    before = {document_key("pages", "new")}
    assert set(change.surrogate_keys.split()) == keys_of(page, "/new/", "/moved/") | before


def test_a_withdrawal_names_the_keys_that_the_document_had(page: app.PlainPage) -> None:
    reloaded(page).unpublish()
    assert set(last_change(page).surrogate_keys.split()) == keys_of(page, "/new/")


def test_a_page_that_returns_names_the_addresses_that_lead_to_it_again(
    page: app.PlainPage,
) -> None:
    reloaded(page).unpublish()
    page = reloaded(page)
    page.slug = "back"
    page.save_revision().publish()
    assert last_change(page).paths_before == [[HOST, "/new/"]]


def test_an_expiry_is_told_beforehand(page: app.PlainPage) -> None:
    expiry = timezone.now() + datetime.timedelta(days=1)
    page = reloaded(page)
    page.expire_at = expiry
    page.save_revision().publish()
    assert last_change(page).expires_at == expiry


def test_another_slug_is_a_change_of_its_own() -> None:
    """A snippet's slug is an address of the API, also where the document does not show it."""
    topic = samples.plain_topic("Topic", slug="one")
    # As if the document did not show it.
    PublishedDocument.objects.filter(pk=document_of(topic).pk).update(slug="before")
    sequence = last_sequence()
    topic.save()
    assert [entry.action for entry in Change.objects.filter(sequence__gt=sequence)] == ["upsert"]


# Pruning


def test_what_is_pruned_leaves_its_number(page: app.PlainPage) -> None:
    reloaded(page).unpublish()
    last = last_sequence()
    assert prune(timezone.now() + datetime.timedelta(days=1)) > 1
    [mark] = Change.objects.all()
    assert (mark.sequence, mark.action) == (last, Change.PRUNED)
    assert (mark.path, mark.resource_id, mark.surrogate_keys) == ("", "", "")
    reloaded(page).save_revision().publish()
    assert last_sequence() > last


def test_nothing_is_pruned_before_its_time(page: app.PlainPage) -> None:
    count = Change.objects.count()
    assert prune(timezone.now() - datetime.timedelta(days=1)) == 0
    assert Change.objects.count() == count


def test_entries_without_keys_are_pruned_by_the_migration(page: app.PlainPage) -> None:
    last = last_change()

    class Editor:
        connection = type("Connection", (), {"alias": "default"})

    module = import_module("wagtail_delivery.migrations.0006_followed_changes")
    module.forget_incomplete_entries(apps, Editor)
    [mark] = Change.objects.all()
    assert (mark.sequence, mark.action, mark.path) == (last.sequence, "pruned", "")
    assert mark.recorded_at == last.recorded_at


def test_an_editors_redirect_names_its_address(page: app.PlainPage) -> None:
    """Before and now, with the addresses for caches that know no keys."""
    sequence = last_sequence()
    redirect = Redirect.add_redirect("/old?a=1", redirect_to="https://example.org/")
    assert rearranged_since(sequence) == {path_key("/old")}
    sequence = last_sequence()
    redirect.old_path = "/other"
    redirect.save()
    assert rearranged_since(sequence) == {path_key("/old"), path_key("/other")}
    assert last_change().paths_before == [[HOST, "/old"], [HOST, "/other"]]
    sequence = last_sequence()
    redirect.redirect_link = "https://example.com/"
    redirect.save()
    assert rearranged_since(sequence) == {path_key("/other")}
    sequence = last_sequence()
    redirect.save()
    assert rearranged_since(sequence) == set()
    redirect.delete()
    assert rearranged_since(sequence) == {path_key("/other")}
