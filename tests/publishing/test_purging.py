"""Workers in processes of their own purge a cache of every change, also when they are killed."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from tests.factories import ActFactory
from tests.publishing.processes import in_process, outcome
from wagtail_delivery.extending import purge_next
from wagtail_delivery.models import Change, PurgeTarget
from wagtail_delivery.purging.worker import WAIT

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.skipif(
        connection.vendor != "postgresql",
        reason="Needs a database server for two processes; SQLite's test database is in memory.",
    ),
]
#: KILLS_SEED=5 kills at other moments.
SEED = int(os.environ.get("KILLS_SEED") or random.SystemRandom().randrange(1_000_000))
#: So long a test waits for what a worker does.
PATIENCE = 20


class Cache:
    """A server that takes purges: the keys, and the number that came with them."""

    def __init__(self) -> None:
        #: The number of the log when it was set up.
        self.begin = 0
        self.purges: list[tuple[int, set[str]]] = []

    def missed(self) -> list[Change]:
        """The changes that it was not purged of once they were there."""
        return [
            entry
            for entry in Change.objects.filter(sequence__gt=self.begin)
            if not any(
                sequence >= entry.sequence and set(entry.surrogate_keys.split()) & keys
                for sequence, keys in self.purges
            )
        ]


@pytest.fixture
def cache(settings: Any) -> Iterator[Cache]:
    state = Cache()

    class Handler(BaseHTTPRequestHandler):
        def do_PURGE(self) -> None:
            refused = random.random() < 0.2
            if not refused:
                number = int(self.headers["X-Content-Sequence"])
                state.purges.append((number, set(self.headers["Surrogate-Key"].split())))
            self.send_response(503 if refused else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{server.server_address[1]}"
    settings.WAGTAIL_DELIVERY = {
        **settings.WAGTAIL_DELIVERY,
        "PURGE": {"varnish": {"ADDRESS": address}},
    }
    assert not purge_next("varnish")
    state.begin = PurgeTarget.objects.get().sequence
    yield state
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def _short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers take over at once from one that was killed."""
    monkeypatch.setattr("wagtail_delivery.purging.worker.CLAIM", timedelta(seconds=0.2))
    soon = replace(WAIT, first=timedelta(seconds=0.05))
    monkeypatch.setattr("wagtail_delivery.purging.worker.WAIT", soon)
    monkeypatch.setattr("wagtail_delivery.purging.worker.BATCH", 2)


def is_followed() -> bool:
    last = Change.objects.order_by("sequence").last()
    return last is not None and PurgeTarget.objects.get().sequence == last.sequence


def wait_until_followed() -> None:
    deadline = time.monotonic() + PATIENCE
    while not is_followed():
        assert time.monotonic() < deadline, PurgeTarget.objects.values().get()
        time.sleep(0.05)


@pytest.mark.usefixtures("_short_waits")
def test_workers_that_are_killed_leave_nothing_out(cache: Cache) -> None:
    print(f"Reproduce: KILLS_SEED={SEED}")
    chance = random.Random(SEED)
    act = ActFactory(title="Akta")
    for number in range(8):
        worker = in_process(lambda: call_command("delivery_worker"))
        for edit in range(6):
            act.title = f"Akta {number}.{edit}"
            act.save_revision().publish()
            time.sleep(chance.random() * 0.1)
        time.sleep(chance.random() * 0.3)
        os.kill(worker, signal.SIGKILL)
        assert outcome(worker) == -signal.SIGKILL
    workers = [in_process(lambda: call_command("delivery_worker")) for _ in range(2)]
    wait_until_followed()
    for worker in workers:
        os.kill(worker, signal.SIGTERM)
    assert [outcome(worker) for worker in workers] == [0, 0]
    assert cache.missed() == []
    assert cache.purges
