"""The thread that keeps the memory as new as the change log, on a database server."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from django.db import connection

from tests import samples
from tests.memories import Memory
from wagtail_delivery.models import Change
from wagtail_delivery.serving import following
from wagtail_delivery.serving.following import Follower
from wagtail_delivery.serving.kept_answers import KeptAnswers

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.skipif(
        connection.vendor != "postgresql",
        reason="Needs a database server; SQLite's test database is in memory.",
    ),
]

#: Seconds that something may take at most; it takes milliseconds.
PATIENCE = 20.0


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


@pytest.fixture
def followed(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[KeptAnswers, Follower]]:
    """A memory that is followed, which does not look by itself for as long as a test lasts."""
    monkeypatch.setattr(following, "INTERVAL", 10 * PATIENCE)
    kept = KeptAnswers(1000)
    follower = Follower(kept)
    follower.start()
    wait_until(lambda: follower.confirmed_at > 0)
    yield kept, follower
    follower._stopping.set()
    # It ends when it hears of something.
    samples.plain_topic("The last one")
    follower.stop()


def backends() -> list[int]:
    """The processes of the server that listen."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid()"
        )
        return [pid for (pid,) in cursor.fetchall()]


def test_the_database_tells_of_each_change(followed: tuple[KeptAnswers, Follower]) -> None:
    """Between two looks by the clock the test would fail."""
    kept, _follower = followed
    for number in range(5):
        samples.plain_topic(f"Topic {number}")
        last = Change.objects.latest("sequence").sequence
        wait_until(lambda last=last: kept.sequence == last)  # type: ignore[misc]


def test_a_lost_connection_is_made_again(followed: tuple[KeptAnswers, Follower]) -> None:
    kept, follower = followed
    before = backends()
    with connection.cursor() as cursor:
        for pid in before:
            cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
    wait_until(lambda: bool(set(backends()) - set(before)))
    assert not follower.is_away
    wait_until(lambda: follower.confirmed_at > 0)
    samples.plain_topic("Topic")
    last = Change.objects.latest("sequence").sequence
    wait_until(lambda: kept.sequence == last)


def test_a_follower_that_only_looks_comes_as_far(monkeypatch: pytest.MonkeyPatch) -> None:
    """As behind a pooler, or on a replica."""
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", True)
    memory = Memory()
    follower = Follower(memory.kept)
    follower.start()
    samples.plain_topic("Topic")
    last = Change.objects.latest("sequence").sequence
    wait_until(lambda: memory.kept.sequence == last)
    follower.stop()
