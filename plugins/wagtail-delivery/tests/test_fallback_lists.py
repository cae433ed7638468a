"""Lists with a fallback locale, and the rows that they are read from."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Locale, Page, Site

from tests import samples
from tests.clock import time_is
from tests.samples import published, reloaded
from tests.stored import differences, document_of, last_sequence, rearranged_since
from tests.testapp import models as app
from wagtail_delivery.hashes import fallback_hash
from wagtail_delivery.models import (
    DocumentOrder,
    FallbackFilter,
    FallbackOrder,
    PublishedDocument,
    WorkerSign,
)

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)
WRITE = re.compile("INSERT|UPDATE|DELETE")
TABLES = [FallbackOrder._meta.db_table, FallbackFilter._meta.db_table]


@pytest.fixture
def malay_home(home: Page, ms: Locale) -> Page:
    page = home.copy_for_translation(ms)
    page.save_revision().publish()
    return reloaded(page)


@pytest.fixture
def page(home: Page, malay_home: Page) -> app.EventPage:
    return published(app.EventPage(title="Event", slug="event", type="talk"), home)


@pytest.fixture
def topic(ms: Locale) -> app.FullTopic:
    return samples.full_topic("Topic")


@pytest.fixture(params=["page", "snippet"])
def thing(request: pytest.FixtureRequest, ms: Locale) -> Any:
    return request.getfixturevalue("page" if request.param == "page" else "topic")


def translated(thing: Any, ms: Locale, **values: Any) -> Any:
    """Publish a Malay translation of `thing`."""
    copy = thing.copy_for_translation(ms)
    for name, value in values.items():
        setattr(copy, name, value)
    if not is_page(thing):
        copy.save()
    copy.save_revision().publish()
    return reloaded(copy)


def is_page(thing: Any) -> bool:
    return isinstance(thing, Page)


def locales_of(thing: Any, **query: str) -> list[str]:
    """The locales in which the Malay list with the English fallback has `thing`; once at most."""
    path = "pages" if is_page(thing) else "full_topics"
    query = {"locale": "ms", "fallback": "en", "limit": "100", **query}
    response = Client().get(f"/api/v1/{path}", query)
    assert response.status_code == 200, response.content
    key = str(thing.translation_key)
    return [item["locale"] for item in response.json()["items"] if item["id"] == key]


def assert_rows_follow() -> None:
    """Each document has its rows in place of each locale that lacks it, and no others."""
    codes = ["en", "ms"]
    there = {
        (one.collection, one.resource_id, one.locale): one
        for one in PublishedDocument.objects.order_by("pk")
    }
    orders, filters = [], []
    for (collection, resource_id, locale), document in there.items():
        for code in codes:
            other = there.get((collection, resource_id, code))
            if locale in ("", code) or (other is not None and other.expires_at is None):
                continue
            orders += [
                (
                    fallback_hash(row.list, code),
                    row.typed and fallback_hash(row.typed, code),
                    bytes(row.value),
                    document.pk,
                )
                for row in document.orders.all()
            ]
            filters += [
                (fallback_hash(row.filter, code), document.pk) for row in document.filters.all()
            ]
    assert sorted(rows_of_orders(), key=str) == sorted(orders, key=str)
    assert sorted(FallbackFilter.objects.values_list("filter", "document")) == sorted(filters)


def rows_of_orders() -> list[tuple[Any, ...]]:
    rows = FallbackOrder.objects.values_list("list", "typed", "value", "document")
    return [(number, typed, bytes(value), pk) for number, typed, value, pk in rows]


@contextmanager
def undone() -> Iterator[None]:
    """What happens in this block, whose end checks the rows, is rolled back with them."""
    before = rows_of_orders()
    with transaction.atomic():
        yield
        assert_rows_follow()
        assert sorted(rows_of_orders(), key=str) != sorted(before, key=str)
        transaction.set_rollback(True)
    assert sorted(rows_of_orders(), key=str) == sorted(before, key=str)


class TestStates:
    def test_what_is_missing_is_in_the_fallback(self, thing: Any) -> None:
        assert locales_of(thing) == ["en"]
        assert locales_of(thing, fallback="ms") == []
        assert locales_of(thing, locale="en", fallback="ms") == ["en"]
        assert_rows_follow()

    def test_what_is_there_is_not(self, thing: Any, ms: Locale) -> None:
        with undone():
            translated(thing, ms)
            assert locales_of(thing) == ["ms"]
        translated(thing, ms)
        assert locales_of(thing) == ["ms"]
        assert locales_of(thing, locale="en", fallback="ms") == ["en"]
        assert_rows_follow()
        assert differences() == []

    def test_what_expires_is_there_until_then(self, thing: Any, ms: Locale) -> None:
        malay = translated(thing, ms)
        expires = timezone.now().replace(microsecond=0) + DAY
        with undone():
            malay.expire_at = expires
            malay.save_revision().publish()
        malay = reloaded(malay)
        malay.expire_at = expires
        malay.save_revision().publish()
        assert_rows_follow()
        instant = datetime.timedelta(microseconds=1)
        with time_is(expires - instant):
            assert locales_of(thing) == ["ms"]
        with time_is(expires):
            assert locales_of(thing) == ["en"]
        assert locales_of(thing) == ["ms"]
        assert differences() == []

    def test_what_does_not_expire_any_more(self, thing: Any, ms: Locale) -> None:
        malay = translated(thing, ms, expire_at=timezone.now() + DAY)
        with undone():
            malay.expire_at = None
            malay.save_revision().publish()
        assert differences() == []

    def test_what_has_expired_and_is_withdrawn(self, thing: Any, ms: Locale) -> None:
        malay = translated(thing, ms, expire_at=timezone.now() + DAY)
        with time_is(timezone.now() + 2 * DAY):
            call_command("publish_scheduled", verbosity=0)
            assert document_of(malay) is None
            assert locales_of(thing) == ["en"]
        assert_rows_follow()

    def test_what_is_withdrawn_and_published_again(self, thing: Any, ms: Locale) -> None:
        malay = translated(thing, ms)
        with undone():
            malay.unpublish()
            assert locales_of(thing) == ["en"]
        malay = reloaded(malay)
        malay.unpublish()
        assert_rows_follow()
        with undone():
            malay.get_latest_revision().publish()
            assert locales_of(thing) == ["ms"]
        malay = reloaded(malay)
        malay.save_revision().publish()
        assert locales_of(thing) == ["ms"]
        malay.delete()
        assert locales_of(thing) == ["en"]
        assert_rows_follow()
        assert differences() == []

    def test_the_original_is_withdrawn(self, thing: Any, ms: Locale) -> None:
        translated(thing, ms)
        thing.unpublish()
        assert locales_of(thing) == ["ms"]
        assert locales_of(thing, locale="en", fallback="ms") == ["ms"]
        assert_rows_follow()

    def test_a_translation_that_becomes_that_of_something_else(
        self, topic: app.FullTopic, ms: Locale
    ) -> None:
        malay, other = translated(topic, ms), samples.full_topic("Other", slug="other")
        with undone():
            malay.translation_key = other.translation_key
            malay.save()
            assert locales_of(topic) == ["en"]
            assert locales_of(other) == ["ms"]


@pytest.fixture
def _nothing_follows(db: None, settings: Any) -> None:
    """A worker is to compile what shows a change, and so its translations; there is none."""
    settings.WAGTAIL_DELIVERY = {**settings.WAGTAIL_DELIVERY, "DEPENDENTS_AT_ONCE": 0}
    WorkerSign.objects.create(pk=1, seen_at=timezone.now() + DAY)


@pytest.mark.usefixtures("_nothing_follows")
def test_rows_do_not_wait_for_a_worker(thing: Any, ms: Locale) -> None:
    """Those of an item follow one of its documents, whether or not the others are compiled."""

    def publish(expire_at: datetime.datetime | None = None) -> None:
        malay.expire_at = expire_at
        malay.save_revision().publish()

    malay = translated(thing, ms)
    steps = [
        *(lambda: publish(timezone.now() + DAY), publish, malay.unpublish, publish),
        *(lambda: publish(timezone.now() + DAY), malay.unpublish, publish, malay.delete),
    ]
    assert_rows_follow()
    for step in steps:
        step()
        if step != malay.delete:
            malay.refresh_from_db()
        assert_rows_follow()


class TestPages:
    def test_the_list_of_one_type(self, page: app.EventPage, ms: Locale) -> None:
        assert locales_of(page, type="event_page") == ["en"]
        assert locales_of(page, type="plain_page") == []
        translated(page, ms)
        assert locales_of(page, type="event_page") == ["ms"]

    def test_a_filter_is_looked_up_among_what_is_missing(
        self, page: app.EventPage, home: Page, ms: Locale
    ) -> None:
        parent = str(home.translation_key)
        assert locales_of(page, parent=parent) == ["en"]
        assert locales_of(page, parent=str(page.translation_key)) == []
        assert locales_of(page, title="event", order="-title") == ["en"]
        translated(page, ms)
        assert locales_of(page, parent=parent) == ["ms"]

    def test_a_translation_on_another_site(
        self, page: app.EventPage, second_site: Site, ms: Locale
    ) -> None:
        """An item is in the list of the site that its page in the first locale is on."""
        second = Page.objects.get(pk=second_site.root_page_id).specific
        there = second.copy_for_translation(ms)
        there.save_revision().publish()
        malay = translated(page, ms)
        with undone():
            malay.move(there, "last-child")
            host = "second.example:8080"
            assert PublishedDocument.objects.filter(locale="ms", site=host, path__contains="event")
            assert locales_of(page, site=host) == ["ms"]
            assert locales_of(page) == []
            malay = reloaded(malay)
            malay.unpublish()
            assert locales_of(page, site=host) == []
            assert locales_of(page) == ["en"]

    def test_both_names_of_a_site(self, page: app.EventPage) -> None:
        assert locales_of(page, site="localhost:80") == ["en"]
        assert locales_of(page, site="default") == ["en"]

    def test_rows_have_the_places_of_moved_pages(self, page: app.EventPage) -> None:
        pages = [
            published(app.PlainPage(title="Page", slug=f"page-{number}"), page)
            for number in range(4)
        ]
        last = str(reloaded(pages[-1]).translation_key)

        def below() -> list[str]:
            query = {"locale": "ms", "fallback": "en", "parent": str(page.translation_key)}
            return [one["id"] for one in Client().get("/api/v1/pages", query).json()["items"]]

        assert below()[3:] == [last]
        with undone():
            reloaded(pages[3]).move(reloaded(pages[0]), "left")
            assert below()[0] == last
        reloaded(pages[3]).move(reloaded(pages[0]), "left")
        assert_rows_follow()
        assert differences() == []

    def test_a_section_that_goes_and_comes(self, page: app.EventPage, ms: Locale) -> None:
        malay = translated(page, ms)
        below = published(app.PlainPage(title="Below", slug="below"), page)
        translated(below, ms)
        with undone():
            malay.unpublish()
            assert locales_of(below) == ["en"]


def test_content_without_locales_has_no_rows(home: Page) -> None:
    FallbackOrder.objects.all().delete()
    samples.plain_topic()
    samples.draft_topic()
    assert not FallbackOrder.objects.exists()
    # Documents of sites are in no list.
    assert not DocumentOrder.objects.filter(document__collection="site").exists()


class TestQueries:
    def test_a_publish_of_what_is_translated_writes_no_rows(self, thing: Any, ms: Locale) -> None:
        translated(thing, ms)
        with CaptureQueriesContext(connection) as queries:
            thing.save_revision().publish()
        writes = [one["sql"] for one in queries if WRITE.match(one["sql"])]
        assert any(DocumentOrder._meta.db_table in sql for sql in writes)
        assert not [sql for sql in writes for table in TABLES if table in sql]

    @pytest.mark.parametrize("number", [1, 30])
    def test_the_number_of_statements_does_not_grow(
        self, page: app.EventPage, ms: Locale, number: int
    ) -> None:
        malay = translated(page, ms)
        for n in range(number):
            below = published(app.PlainPage(title=f"Below {n}", slug=f"b{n}"), page)
            translated(below, ms)
        malay = reloaded(malay)
        for act in (malay.unpublish, lambda: reloaded(malay).save_revision().publish()):
            with CaptureQueriesContext(connection) as queries:
                act()
            found = [one for one in queries for table in TABLES if f'INTO "{table}"' in one["sql"]]
            # For the page itself, and for what goes or comes with it.
            assert 2 <= len(found) <= 6
        assert_rows_follow()


class TestVerifyAndRebuild:
    def test_wrong_rows_are_named_and_mended(self, page: app.EventPage, topic: Any) -> None:
        document = document_of(page)

        def assert_named(*of: Any) -> None:
            told = [(one.source, one.what) for one in differences()]
            assert told == [
                (document_of(one).source, f"fallback_orders of {document_of(one)} differs")
                for one in of
            ]
            sequence = last_sequence()
            call_command("delivery_rebuild", verbosity=0)
            # No document changed, but the answers that the rows are in.
            assert rearranged_since(sequence) == {document_of(one).collection for one in of}
            assert_rows_follow()
            assert differences() == []

        document.fallback_orders.all()._raw_delete("default")
        assert_named(page)
        document_of(topic).fallback_filters.all()._raw_delete("default")
        document.fallback_orders.update(value=b"x")
        assert_named(*([page, topic] if document_of(topic).filters.exists() else [page]))
        FallbackOrder.objects.create(list=1, typed=2, value=b"x", document=document)
        document.fallback_filters.update(filter=F("filter") + 1)
        assert_named(page)

    def test_rows_of_something_translated(self, page: app.EventPage, ms: Locale) -> None:
        translated(page, ms)
        document = document_of(page)
        FallbackOrder.objects.create(list=1, value=b"x", document=document)
        assert [one.what for one in differences()] == [f"fallback_orders of {document} differs"]
        call_command("delivery_rebuild", verbosity=0)
        assert_rows_follow()

    def test_a_rebuild_from_nothing(self, page: app.EventPage, topic: Any, ms: Locale) -> None:
        translated(page, ms)
        PublishedDocument.objects.all().delete()
        assert not FallbackOrder.objects.exists()
        call_command("delivery_rebuild", verbosity=0)
        assert_rows_follow()
        assert locales_of(topic) == ["en"]


class TestLocales:
    def enable(self, settings: Any, *codes: str) -> None:
        names = [(code, code) for code in codes]
        settings.LANGUAGES = settings.WAGTAIL_CONTENT_LANGUAGES = names

    def in_tamil(self) -> int:
        """How many rows there are in place of Tamil."""
        wanted = [fallback_hash(row.list, "ta") for row in DocumentOrder.objects.all()]
        return FallbackOrder.objects.filter(list__in=wanted).count()

    def test_a_new_locale(self, page: app.EventPage, topic: Any, settings: Any) -> None:
        self.enable(settings, "en", "ms", "ta")
        sequence = last_sequence()
        with transaction.atomic():
            Locale.objects.create(language_code="ta")
            assert self.in_tamil() == DocumentOrder.objects.exclude(document__locale="").count()
            transaction.set_rollback(True)
        assert self.in_tamil() == 0
        tamil = Locale.objects.create(language_code="ta")
        assert rearranged_since(sequence) >= {"pages", "full_topics"}
        assert locales_of(page, locale="ta") == locales_of(topic, locale="ta") == ["en"]
        assert differences() == []
        translated(topic, tamil)
        assert locales_of(topic, locale="ta") == ["ta"]
        assert locales_of(topic, locale="ms", fallback="ta") == ["ta"]
        assert differences() == []

    def test_a_locale_that_goes_has_its_rows_while_the_api_knows_it(
        self, page: app.EventPage, malay_home: Page, ms: Locale
    ) -> None:
        malay_home.delete()
        ms.delete()
        assert locales_of(page) == ["en"]
        assert differences() == []
        sequence = last_sequence()
        Locale.objects.create(language_code="ms")
        assert "pages" not in rearranged_since(sequence)
        assert differences() == []

    def test_a_rebuild_follows_the_settings(self, page: app.EventPage, settings: Any) -> None:
        self.enable(settings, "en", "ms", "ta")
        assert f"fallback_orders of {document_of(page)} differs" in {
            one.what for one in differences()
        }
        call_command("delivery_rebuild", verbosity=0)
        assert differences() == []
        assert locales_of(page, locale="ta") == ["en"]
        self.enable(settings, "en", "ms")
        assert differences() != []
        call_command("delivery_rebuild", verbosity=0)
        assert differences() == []
        assert_rows_follow()


def test_the_migration_makes_the_rows(page: app.EventPage, topic: Any, ms: Locale) -> None:
    translated(page, ms, expire_at=timezone.now() + DAY)
    translated(published(app.PlainPage(title="Plain", slug="plain"), page), ms)
    samples.plain_topic()
    for model in (FallbackOrder, FallbackFilter):
        model.objects.all()._raw_delete("default")
    migration = import_module("wagtail_delivery.migrations.0016_fallback_orders")
    migration.fill(apps, SimpleNamespace(connection=connection))
    assert FallbackOrder.objects.exists()
    assert_rows_follow()
    assert differences() == []
