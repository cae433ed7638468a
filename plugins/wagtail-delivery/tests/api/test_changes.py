"""`/changes`: every entry of the log, in order, for those who follow the content."""

from __future__ import annotations

import datetime
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from tests.api.conftest import Get, invalid_parameters
from tests.api.stored import put, put_change, put_page
from wagtail_delivery.api import waiting
from wagtail_delivery.api.queries import connection as queries
from wagtail_delivery.api.waiting import wait_for
from wagtail_delivery.models import Change, PublishedDocument
from wagtail_delivery.store.change_log import prune

ID = "6f1d3c70-58a5-4f3f-9d55-0a4f2c9f7a11"
MOMENT = datetime.datetime(2026, 3, 1, 8, 30, 0, 123456, tzinfo=datetime.UTC)


def put_changes(count: int, first: int = 1) -> list[Change]:
    document = PublishedDocument.objects.first() or put("authors", "author", ID)
    return [put_change(number, document=document) for number in range(first, first + count)]


def sequences(response: Any) -> list[int]:
    assert response.status_code == 200, response.content
    return [item["sequence"] for item in response.json()["items"]]


def start_again(response: Any) -> str:
    """The cursor to go on from, of a response that says to start again."""
    assert response.status_code == 410, response.content
    assert response["Cache-Control"] == "no-store"
    problem = response.json()
    assert list(problem) == ["type", "title", "status", "detail", "errors", "next"]
    assert "Read all content again, then go on from `next`." in problem["detail"]
    assert [error["parameter"] for error in problem["errors"]] == ["after"]
    cursor: str = problem["next"]
    return cursor


# Content


def test_a_published_page(any_get: Get, django_assert_num_queries: Any) -> None:
    page = put_page("/ms/buku/", ID, expires_at=MOMENT)
    before = [["old.example:80", "/ms/lama/"], ["main.example:80", "/ms/dulu/"]]
    keys = f"a b {page.surrogate_keys} pages"
    put_change(
        7,
        document=page,
        recorded_at=MOMENT,
        paths_before=before,
        surrogate_keys=keys,
        expires_at=MOMENT,
    )
    with django_assert_num_queries(1):
        response = any_get("/changes")
    assert response.json() == {
        "items": [
            {
                "sequence": 7,
                "action": "upsert",
                "collection": "pages",
                "id": ID,
                "type": "book_page",
                "locale": "ms",
                "site": "main.example:80",
                "path": "/ms/buku/",
                "paths_before": [
                    {"site": "old.example:80", "path": "/ms/lama/"},
                    {"site": "main.example:80", "path": "/ms/dulu/"},
                ],
                "version": page.etag,
                "surrogate_keys": ["a", "b", *page.surrogate_keys.split(), "pages"],
                "expires_at": "2026-03-01T08:30:00.123456Z",
                "recorded_at": "2026-03-01T08:30:00.123456Z",
            }
        ],
        "next": "7-1772353800123456",
        "has_more": False,
    }
    assert response["X-Content-Sequence"] == "7"
    assert response["Cache-Control"] == "no-store"
    assert "ETag" not in response


def test_a_withdrawn_snippet_without_a_locale(get: Get) -> None:
    document = put("stamps", "stamp", "1", "")
    put_change(document=document, action=Change.DELETE, etag="")
    [item] = get("/changes").json()["items"]
    assert (item["action"], item["collection"], item["id"]) == ("delete", "stamps", "1")
    nothing = ("locale", "site", "path", "version", "expires_at")
    assert {name: item[name] for name in nothing} == dict.fromkeys(nothing)
    assert item["paths_before"] == []
    assert item["surrogate_keys"] == document.surrogate_keys.split()


# Following


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 1000])
def test_following_gives_every_entry_once_and_in_order(get: Get, limit: int) -> None:
    # A sequence that is rolled back leaves a gap.
    expected = [change.sequence for first in (1, 6) for change in put_changes(4, first)]
    found, query = [], {}
    while True:
        response = get("/changes", limit=limit, **query)
        found += sequences(response)
        query = {"after": response.json()["next"]}
        assert response.json()["has_more"] == (len(found) < len(expected))
        if not response.json()["has_more"]:
            break
    assert found == expected
    nothing = get("/changes", **query)
    assert sequences(nothing) == []
    assert {"after": nothing.json()["next"]} == query
    put_changes(1, 20)
    assert sequences(get("/changes", **query)) == [20]


def test_an_empty_log_has_a_cursor(get: Get) -> None:
    response = get("/changes")
    assert response.json() == {"items": [], "next": "0-0", "has_more": False}
    assert response["X-Content-Sequence"] == "0"
    assert get("/changes", after="now").json() == response.json()
    put_changes(3)
    assert sequences(get("/changes", after="0-0")) == [1, 2, 3]


def test_what_is_no_change_of_a_document_is_left_out(get: Get) -> None:
    put_changes(1)
    put_change(2, action=Change.REARRANGED, collection="pages", surrogate_keys="pages")
    put_change(3, action=Change.REARRANGED, collection="pages", surrogate_keys="pages")
    first = get("/changes", limit=2).json()
    assert [item["sequence"] for item in first["items"]] == [1]
    assert first["has_more"]
    rest = get("/changes", after=first["next"]).json()
    assert (rest["items"], rest["has_more"]) == ([], False)
    # It is not told of them again and again.
    assert rest["next"] == get("/changes", after="now").json()["next"] != first["next"]


def test_now_is_the_end_of_the_log(get: Get, django_assert_num_queries: Any) -> None:
    put_changes(3)
    with django_assert_num_queries(1):
        response = get("/changes", after="now")
    assert sequences(response) == []
    put_changes(2, 4)
    assert sequences(get("/changes", after=response.json()["next"])) == [4, 5]


# Cursors that cannot be followed


def test_a_cursor_older_than_what_is_kept(get: Get) -> None:
    put_changes(5)
    cursors = [get("/changes", limit=number).json()["next"] for number in range(1, 6)]
    old = timezone.now() - datetime.timedelta(days=91)
    Change.objects.filter(sequence__lte=3).update(recorded_at=old)
    at_three = get("/changes", limit=3).json()["next"]
    call_command("delivery_prune", verbosity=0)
    # Who has read up to the last one that is gone has missed nothing.
    assert sequences(get("/changes", after=at_three)) == [4, 5]
    assert sequences(get("/changes", after=cursors[3])) == [5]
    for cursor in (*cursors[:2], "0-0"):
        response = get("/changes", after=cursor)
        assert "no longer kept" in response.json()["detail"]
        assert start_again(response) == cursors[4]
    assert sequences(get("/changes")) == [4, 5], "from the first one that is kept"


def test_a_log_that_is_pruned_wholly_keeps_its_number(get: Get) -> None:
    put_changes(3)
    end = get("/changes").json()["next"]
    assert prune(timezone.now() + datetime.timedelta(days=1)) == 3
    assert prune(timezone.now() + datetime.timedelta(days=1)) == 0
    assert list(Change.objects.values_list("sequence", "action", "path")) == [(3, "pruned", "")]
    for query in ({}, {"after": end}, {"after": "now"}):
        response = get("/changes", **query)
        assert response.json() == {"items": [], "next": end, "has_more": False}
        assert response["X-Content-Sequence"] == "3"
    assert start_again(get("/changes", after="0-0")) == end


def test_entries_are_kept_as_long_as_the_setting_says(get: Get) -> None:
    put_changes(2)
    old = timezone.now() - datetime.timedelta(days=400)
    Change.objects.filter(sequence=1).update(recorded_at=old)
    for days, kept in ((None, [1, 2]), (300, [2])):
        with override_settings(WAGTAIL_DELIVERY={"CHANGES_KEPT_DAYS": days}):
            call_command("delivery_prune", verbosity=0)
        assert sequences(get("/changes")) == kept


def test_a_cursor_of_another_log(get: Get) -> None:
    """After a backup was restored, numbers are given out a second time."""
    put_changes(5)
    ahead, inside = (get("/changes", limit=limit).json()["next"] for limit in (5, 3))
    Change.objects.all().delete()
    put_changes(4)
    end = get("/changes", after="now").json()["next"]
    for cursor in (ahead, inside):
        response = get("/changes", after=cursor)
        assert "not of this change log" in response.json()["detail"]
        assert start_again(response) == end


@pytest.fixture
def replica(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "is_replica", lambda: True)


def test_a_cursor_that_a_replica_does_not_know_yet(get: Get, replica: None) -> None:
    [change] = put_changes(1, 9)
    cursor = get("/changes").json()["next"]
    Change.objects.all().delete()
    put_changes(3)
    response = get("/changes", after=cursor)
    assert response.status_code == 503
    assert response["Retry-After"] == "2"
    with looking(lambda: [change.save(force_insert=True), put_changes(1, 10)]):
        arrived = get("/changes", after=cursor)
    assert arrived.status_code == 410, "recorded at another moment"
    moment = cursor.partition("-")[2]
    recorded = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
    Change.objects.filter(sequence=9).update(
        recorded_at=recorded + datetime.timedelta(microseconds=int(moment))
    )
    assert sequences(get("/changes", after=cursor)) == [10]


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no replicas")
def test_a_primary_is_no_replica(db: None) -> None:
    assert queries.is_replica() is False


# Waiting


#: Settings of a server that lets requests wait.
WAITING = settings.WAGTAIL_DELIVERY | {"WAITING_REQUESTS": 2}


@contextmanager
def looking(*meanwhile: Callable[[], Any]) -> Iterator[list[float]]:
    """Let requests wait without sleeping: each time, the next of `meanwhile` happens.

    The times that they would have slept are in the list.
    """
    slept: list[float] = []
    happening = iter(meanwhile)
    now = time.monotonic()

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        next(happening, lambda: None)()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(waiting, "sleep", sleep)
        patch.setattr(waiting, "monotonic", lambda: now + sum(slept))
        patch.setattr(waiting, "_looks", defaultdict(waiting._Look))
        with override_settings(WAGTAIL_DELIVERY=WAITING):
            yield slept


def test_a_request_waits_for_a_change(get: Get) -> None:
    put_changes(1)
    cursor = get("/changes").json()["next"]
    with looking(lambda: None, lambda: None, lambda: put_changes(2, 2)) as slept:
        response = get("/changes", after=cursor, wait=25)
    assert sequences(response) == [2, 3]
    assert response["X-Content-Sequence"] == "3"
    assert slept == [0.25, 0.25, 0.25]


def test_a_request_waits_no_longer_than_asked(get: Get) -> None:
    put_changes(1)
    cursor = get("/changes").json()["next"]
    with looking() as slept:
        response = get("/changes", after=cursor, wait=3)
    assert response.json() == {"items": [], "next": cursor, "has_more": False}
    assert sum(slept) == 3


def test_a_request_with_something_to_give_does_not_wait(get: Get) -> None:
    put_changes(1)
    with looking() as slept:
        assert sequences(get("/changes", after="0-0", wait=25)) == [1]
        assert sequences(get("/changes", after="now", wait=25)) == []
    assert slept == []


def test_an_empty_log_is_waited_for(get: Get) -> None:
    with looking(lambda: put_changes(1)):
        assert sequences(get("/changes", wait=25)) == [1]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no connections")
def test_a_waiting_request_holds_no_connection(get: Get) -> None:
    held: list[bool] = []
    with looking(*[lambda: held.append(connection.connection is not None)] * 4):
        get("/changes", wait=1)
    assert held == [False] * 4


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@override_settings(WAGTAIL_DELIVERY=WAITING)
def test_only_so_many_requests_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two wait, a third is answered at once, and all three look at the database together."""
    looks: list[float] = []

    def look() -> int:
        looks.append(time.monotonic())
        return 0

    monkeypatch.setattr(queries, "latest_sequence", look)

    def timed(_: int) -> float:
        start = time.monotonic()
        assert wait_for(1, 1) is False
        connection.close()
        return time.monotonic() - start

    with ThreadPoolExecutor(3) as pool:
        took = sorted(pool.map(timed, range(3)))
    assert took[0] < 0.5
    assert took[1] >= 1
    # Each quarter of a second, for two of them.
    assert 3 <= len(looks) <= 5
    # Their places are free again.
    assert timed(0) >= 1


def test_invalid_parameters(get: Get) -> None:
    assert invalid_parameters(get("/changes", after="x", limit=0, wait=26, at_least="a")) == [
        "at_least",
        "after",
        "limit",
        "wait",
    ]
