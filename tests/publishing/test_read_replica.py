"""`manage.py serve_delivery` on a streaming replica of PostgreSQL: it lags, and says so."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.db import connection

from cms.snippets.models import Act
from tests.factories import ActFactory
from tests.publishing.delivery_processes import (
    Answer,
    DeliveryServer,
    delivery_cluster,
    delivery_server,
)
from tests.publishing.own_cluster import Cluster
from wagtail_delivery.models import Change

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no replicas."),
]

#: Seconds within which a publish is visible there: a look each 0.1 s, and a machine that is busy.
VISIBLE_WITHIN = 1.0
#: As `wagtail_delivery.api.waiting.FLOOR_TIMEOUT`.
WAITS = 2.0


@dataclass
class Publisher:
    """Publishes an Act on the primary, and knows which title it had at which number."""

    act: Act
    titles: dict[int, str] = field(default_factory=dict)

    def publish(self, title: str) -> int:
        """The number of the change log since which the title is public."""
        self.act.title = title
        self.act.save_revision().publish()
        number = Change.objects.latest("sequence").sequence
        self.titles[number] = title
        return number

    @property
    def path(self) -> str:
        return f"/acts/{self.act.translation_key}"

    def is_true(self, answer: Answer) -> bool:
        """Whether an answer is not older than its number says."""
        number = int(answer.headers["x-content-sequence"])
        titles = list(self.titles.values())
        at_number = [title for at, title in self.titles.items() if at <= number][-1]
        shown: str = json.loads(answer.body)["title"]
        return titles.index(shown) >= titles.index(at_number)


@pytest.fixture
def primary() -> Iterator[Cluster]:
    with delivery_cluster() as own:
        yield own


@pytest.fixture
def publisher(primary: Cluster) -> Publisher:
    found = Publisher(ActFactory())
    found.publish("Akta 0")
    return found


@pytest.fixture
def replica(primary: Cluster, publisher: Publisher) -> Iterator[Cluster]:
    with primary.standby() as standby:
        yield standby


@pytest.fixture
def server(replica: Cluster, tmp_path: Path) -> Iterator[DeliveryServer]:
    with delivery_server(replica, tmp_path) as running:
        running.wait_until_memory_is("ok")
        yield running


def test_it_follows_the_replica_and_never_says_that_it_is_newer(
    replica: Cluster, publisher: Publisher, server: DeliveryServer
) -> None:
    assert replica.sql("SELECT pg_is_in_recovery()") == "t"
    follows_while_it_publishes(publisher, server)
    is_held_to_the_floor_while_replay_is_paused(replica, publisher, server)


def follows_while_it_publishes(publisher: Publisher, server: DeliveryServer) -> None:
    """A publish becomes visible within the bound, and each answer is as new as its number."""
    answers: list[Answer] = []
    ends = threading.Event()

    def ask() -> None:
        while not ends.is_set():
            answers.append(server.get(publisher.path))

    lags = []
    with ThreadPoolExecutor(1) as pool:
        asking = pool.submit(ask)
        try:
            for number in range(1, 11):
                publisher.publish(f"Akta {number}")
                began = time.monotonic()
                title = f'"Akta {number}"'.encode()
                server.wait_until(lambda title=title: title in server.get(publisher.path).body)
                lags.append(time.monotonic() - began)
        finally:
            ends.set()
        asking.result()
    assert sorted(lags)[len(lags) // 2] < VISIBLE_WITHIN, lags
    assert len(answers) > 20
    assert all(publisher.is_true(answer) for answer in answers)


def is_held_to_the_floor_while_replay_is_paused(
    replica: Cluster, publisher: Publisher, server: DeliveryServer
) -> None:
    old = server.get(publisher.path)
    known = int(old.headers["x-content-sequence"])
    replica.sql("SELECT pg_wal_replay_pause()")
    try:
        number = publisher.publish("Akta baharu")
        floor = f"{publisher.path}?at_least={number}"
        began = time.monotonic()
        refused = server.get(floor)
        assert time.monotonic() - began >= WAITS * 0.9
        assert (refused.status, refused.headers["retry-after"]) == (503, "2")
        # What is not held to a number is as old as it says, and so is the memory.
        assert server.get(publisher.path).seen == old.seen
        assert server.json("/health/memory")["sequence"] == known < number
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(server.get, floor)
            time.sleep(0.5)
            assert not waiting.done()
            replica.sql("SELECT pg_wal_replay_resume()")
            found = waiting.result()
    finally:
        replica.sql("SELECT pg_wal_replay_resume()")
    assert (found.status, json.loads(found.body)["title"]) == (200, "Akta baharu")
    assert int(found.headers["x-content-sequence"]) >= number
    server.wait_until(lambda: server.json("/health/memory")["sequence"] == number)
    assert server.get(publisher.path).body == found.body
