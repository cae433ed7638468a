"""Delivery processes under load while officers publish: no answer is old, and none is wrong.

Ten minutes at night. For a shorter run: NIGHTLY=1 SOAK_SECONDS=120.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import logging
import os
import random
import signal
import threading
import time
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from cms.snippets.models import Act
from tests.factories import ActFactory
from tests.nightly import NIGHTLY
from tests.publishing.delivery_processes import DeliveryServer, delivery_cluster, delivery_server
from tests.publishing.own_cluster import Cluster
from tests.publishing.processes import in_process, outcome
from wagtail_delivery.models import Change, PublishedDocument
from wagtail_delivery.store.change_log import Shown, log_changes
from wagtail_delivery.store.lock import lock_publishing

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="Needs a database to crash."),
    pytest.mark.skipif(not NIGHTLY, reason="Takes minutes."),
]

SECONDS = float(os.environ.get("SOAK_SECONDS") or 600)
#: Publishes a second, as far as the machine goes, and requests of each client under load.
RATE, REQUESTS = 50, 100
#: The part of a run under load in which nobody publishes, to compare with.
QUIET = 0.25
#: Seconds that an answer may be behind, unless it says by `Age` that it is older.
BOUND = 0.25
ACTS = 20


@dataclass(frozen=True)
class Version:
    """What the store had from a moment on."""

    #: As `time.monotonic`, which all processes of the machine share. Taken after the commit.
    at: float
    act: str
    title: str
    etag: str
    digest: str
    sequence: int


@dataclass(frozen=True)
class Seen:
    """What a client got, and when it asked."""

    at: float
    took: float
    #: The id of an act, or empty for the list.
    act: str
    status: int
    etag: str
    digest: str
    titles: list[str]
    sequence: int
    #: None unless the answer says that it may be stale.
    age: int | None


def digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def stored(act: Act) -> Version:
    at = time.monotonic()
    document = PublishedDocument.objects.get(
        collection="acts", resource_id=str(act.translation_key), locale="ms"
    )
    body = bytes(document.body)
    last = Change.objects.filter(resource_id=document.resource_id).latest("sequence")
    title = json.loads(body)["title"]
    return Version(at, document.resource_id, title, document.etag, digest(body), last.sequence)


def write(act: Act, before: str) -> None:
    """Write into the store what a publish of the new title does, without its compiling."""
    with transaction.atomic():
        lock_publishing()
        document = PublishedDocument.objects.get(
            collection="acts", resource_id=str(act.translation_key), locale="ms"
        )
        old, new = json.dumps(before).encode(), json.dumps(act.title).encode()
        etag = digest(new)[:24]
        body = bytes(document.body).replace(old, new, 1)
        document.body = body.replace(document.etag.encode(), etag.encode(), 1)
        document.card = bytes(document.card).replace(old, new, 1)
        document.etag = etag
        document.save()
        log_changes(Change.UPSERT, [(document, Shown(document.slug))])


class Publisher:
    """Publishes one act after the other, and writes down what the store has then."""

    def __init__(self, log: Path, begin: float, until: float, *, compiles: bool) -> None:
        self.log, self.begin, self.until = log, begin, until
        #: Otherwise it writes into the store what a publish does, as often as RATE says.
        self.compiles = compiles
        self.count = 0

    def run(self) -> None:
        logging.disable(logging.INFO)
        acts = list(Act.objects.order_by("pk"))
        with self.log.open("a") as log:
            for act in acts:
                self._write(log, stored(act))
            time.sleep(max(0.0, self.begin - time.monotonic()))
            while (now := time.monotonic()) < self.until:
                try:
                    self._publish(random.choice(acts), log)
                except DatabaseError:
                    connection.close()
                    self._look_again(acts, log)
                time.sleep(max(0.0, now + 1 / RATE - time.monotonic()))

    def _publish(self, act: Act, log: Any) -> None:
        self.count += 1
        before, act.title = act.title, f"Akta {act.pk}-{self.count}"
        if self.compiles:
            act.save()
        else:
            write(act, before)
        self._write(log, stored(act))

    def _look_again(self, acts: list[Act], log: Any) -> None:
        """After a crash nobody knows whether the last commit was done."""
        while time.monotonic() < self.until:
            try:
                for act in acts:
                    act.refresh_from_db()
                    self._write(log, stored(act))
                return
            except DatabaseError:
                connection.close()
                time.sleep(0.1)

    def _write(self, log: Any, version: Version) -> None:
        log.write(json.dumps(asdict(version)) + "\n")
        log.flush()


class Client:
    """Asks so often a second, or without a pause, and writes down what it got."""

    def __init__(
        self, log: Path, port: int, acts: list[str], until: float, rate: float = 0
    ) -> None:
        self.log, self.port, self.acts, self.until = log, port, acts, until
        self.pause = 1 / rate if rate else 0
        self.etags: dict[str, str] = {}

    def run(self) -> None:
        with self.log.open("a") as log:
            client = self._connection()
            while (now := time.monotonic()) < self.until:
                try:
                    log.write(json.dumps(asdict(self._ask(client))) + "\n")
                except (OSError, http.client.HTTPException):
                    # The process was killed.
                    client.close()
                    client = self._connection()
                    time.sleep(0.01)
                time.sleep(max(0.0, now + self.pause - time.monotonic()))

    def _connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def _ask(self, client: http.client.HTTPConnection) -> Seen:
        act = random.choice(self.acts) if random.random() < 0.8 else ""
        path = f"/api/v1/acts/{act}" if act else f"/api/v1/acts?limit={ACTS}"
        headers = {}
        if random.random() < 0.3 and act in self.etags:
            headers["If-None-Match"] = self.etags[act]
        at = time.monotonic()
        client.request("GET", path, headers=headers)
        response = client.getresponse()
        body = response.read()
        took = time.monotonic() - at
        etag = response.headers.get("ETag", "")
        if act and response.status == 200:
            self.etags[act] = etag
        found = json.loads(body) if response.status == 200 else {}
        age = response.headers.get("Age")
        return Seen(
            at,
            took,
            act,
            response.status,
            etag.strip('"'),
            digest(body) if response.status == 200 else "",
            [item["title"] for item in found.get("items", [found] if found else [])],
            int(response.headers.get("X-Content-Sequence", 0)),
            int(age) if age is not None else None,
        )


class Judge:
    """Knows what the store had at any time."""

    def __init__(self, log: Path) -> None:
        lines = [Version(**json.loads(line)) for line in log.read_text().splitlines()]
        self.versions = [one for one in lines if one.title]
        self.of_act: dict[str, list[Version]] = defaultdict(list)
        for one in self.versions:
            if not self.of_act[one.act] or self.of_act[one.act][-1].etag != one.etag:
                self.of_act[one.act].append(one)
        self.ended: dict[str, float] = {}
        for found in self.of_act.values():
            for one, following in pairwise(found):
                self.ended[one.title] = following.at
        self.known = {(one.act, one.etag): one for one in self.versions}
        self.titles = {one.title for one in self.versions}
        ordered = sorted(self.versions, key=lambda one: one.at)
        self.times = [one.at for one in ordered]
        self.sequences = [one.sequence for one in ordered]
        for index in range(1, len(self.sequences)):
            self.sequences[index] = max(self.sequences[index], self.sequences[index - 1])

    def fault_of(self, seen: Seen) -> str:
        """What is wrong with an answer; empty if nothing is."""
        if seen.status not in (200, 304):
            return "" if seen.status == 503 else f"status {seen.status}"
        # Whole seconds are told, so up to one more may have passed.
        oldest = seen.at - BOUND - (seen.age + 1 if seen.age is not None else 0)
        if seen.act:
            version = self.known.get((seen.act, seen.etag))
            if version is None or (seen.digest and seen.digest != version.digest):
                return "bytes that the store never had"
            titles = [version.title]
        else:
            titles = seen.titles
            if len(titles) != ACTS or not set(titles) <= self.titles:
                return "a list that the store never had"
        late = max((oldest - self.ended.get(title, oldest) for title in titles), default=0)
        if late > 0:
            return f"older than {BOUND} s, by {late:.3f} s"
        before = bisect_left(self.times, oldest)
        if before and self.sequences[before - 1] > seen.sequence:
            return "a number that is older than the bound"
        return ""


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    with delivery_cluster() as own:
        for number in range(ACTS):
            ActFactory(title=f"Akta {number}").save_revision().publish()
        yield own


def disturb(server: DeliveryServer, cluster: Cluster, until: float) -> Counter[str]:
    """Kill delivery processes, and the database, until the time is over."""
    done: Counter[str] = Counter()
    while (left := until - time.monotonic() - 10) > 0:
        time.sleep(min(left, random.uniform(3, 8)))
        if random.random() < 0.6:
            server.wait_until(lambda: len(server.workers()) == 2)
            os.kill(random.choice(server.workers()), signal.SIGKILL)
            done["process"] += 1
            # Two within five seconds end the whole server, as one that cannot start would.
            time.sleep(6)
        else:
            cluster.stop()
            time.sleep(random.uniform(0, 3))
            cluster.start()
            done["database"] += 1
    return done


def quantiles(seconds: list[float]) -> str:
    """The median and the 99th percentile, in words."""
    if not seconds:
        return "not asked"
    found = sorted(seconds)
    p50, p99 = found[len(found) // 2], found[len(found) * 99 // 100]
    return f"p50 {p50 * 1000:.1f} ms, p99 {p99 * 1000:.1f} ms"


@pytest.mark.parametrize("with_kills", [False, True], ids=["load", "kills"])
def test_no_answer_is_old_and_none_is_wrong(
    cluster: Cluster, tmp_path: Path, with_kills: bool
) -> None:
    seconds = SECONDS if with_kills else min(SECONDS, 60)
    acts = [str(act.translation_key) for act in Act.objects.all()]
    published, asked = tmp_path / "published", [tmp_path / f"asked-{number}" for number in range(2)]
    with delivery_server(cluster, tmp_path, workers=2) as server:
        server.wait_until_memory_is("ok")
        start = time.monotonic()
        begin, until = start + (0 if with_kills else seconds * QUIET), start + seconds
        rate = 0 if with_kills else REQUESTS
        publisher = Publisher(published, begin, until, compiles=with_kills)
        clients = [Client(path, server.port, acts, until, rate) for path in asked]
        processes = [in_process(one.run) for one in (publisher, *clients)]
        if with_kills:
            done = disturb(server, cluster, until)
        else:
            threading.Event().wait(max(0, until - time.monotonic()))
            done = Counter()
        assert [outcome(pid) for pid in processes] == [0, 0, 0]
    judge = Judge(published)
    answers = [Seen(**json.loads(line)) for path in asked for line in path.read_text().splitlines()]
    faults = [(fault, seen) for seen in answers if (fault := judge.fault_of(seen))]
    quiet = [seen.took for seen in answers if seen.at < begin]
    loaded = [seen.took for seen in answers if seen.at >= begin]
    publishes = sum(one.at >= begin for one in judge.versions)
    statuses = Counter(seen.status for seen in answers)
    print(
        f"{len(answers)} answers in {seconds:.0f} s, {dict(statuses)}, "
        f"{sum(seen.age is not None for seen in answers)} stale; "
        f"{publishes / (until - begin):.1f} publishes a second; {dict(done)} killed; "
        f"{quantiles(loaded)}, without publishes {quantiles(quiet)}"
    )
    assert not faults, (len(faults), faults[:5])
    assert statuses[200] > 100
    assert with_kills or set(statuses) <= {200, 304}
