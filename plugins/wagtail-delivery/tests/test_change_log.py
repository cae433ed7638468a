"""Entries of the change log: what those who follow it are told of each change."""

from __future__ import annotations

import datetime
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.utils import timezone
from wagtail.models import Page, Site

from tests import samples
from tests.samples import published, reloaded
from tests.stored import document_of, last_sequence
from tests.testapp import models as app
from wagtail_delivery.models import Change, PublishedDocument
from wagtail_delivery.store.change_log import prune

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


def keys_of(document: PublishedDocument | None) -> set[str]:
    assert document is not None
    return set(document.surrogate_keys.split())


def test_a_new_page(page: app.PlainPage) -> None:
    change = last_change(page)
    assert (change.site, change.path, change.paths_before) == (HOST, "/new/", [])
    assert set(change.surrogate_keys.split()) == keys_of(document_of(page)) | {"pages"}
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


def test_an_edit_names_the_keys_before_and_after(home: Page) -> None:
    first, second = samples.plain_topic("One"), samples.plain_topic("Two")
    page = published(app.EventPage(title="Event", slug="event", type="talk", topic=first), home)
    before = keys_of(document_of(page))
    page = reloaded(page)
    page.topic = second
    page.save_revision().publish()
    after = keys_of(document_of(page))
    assert before - after
    assert after - before
    assert set(last_change(page).surrogate_keys.split()) == before | after | {"pages"}


def test_a_withdrawal_names_the_keys_that_the_document_had(page: app.PlainPage) -> None:
    before = keys_of(document_of(page))
    reloaded(page).unpublish()
    assert set(last_change(page).surrogate_keys.split()) == before | {"pages"}


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
