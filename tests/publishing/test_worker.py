"""Workers in processes of their own compile what follows a publish, also when they are killed."""

from __future__ import annotations

import json
import os
import random
import signal
import time
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from wagtail.models import Site

from cms.snippets.models import Act
from tests.factories import ActFactory, HomePageFactory, ProfilePageFactory
from tests.publishing.processes import Killed, in_process, outcome
from wagtail_delivery.extending import compile_next_pending, verify
from wagtail_delivery.models import (
    Change,
    Dependency,
    PendingDependents,
    PendingDocument,
    PublishedDocument,
    WorkerSign,
)

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.skipif(
        connection.vendor != "postgresql",
        reason="Needs a database server for two processes; SQLite's test database is in memory.",
    ),
]

SHOWN_IN = 12
#: KILLS_SEED=5 selects other statements.
SEED = int(os.environ.get("KILLS_SEED") or random.SystemRandom().randrange(1_000_000))


@pytest.fixture
def act(settings: Any) -> Any:
    """An Act that pages show; workers compile all of them."""
    Site.objects.create(
        hostname="localhost", port=80, is_default_site=True, root_page=HomePageFactory()
    )
    act = ActFactory(title="Akta lama")
    act.save_revision().publish()
    for number in range(SHOWN_IN):
        page = ProfilePageFactory(title=f"Profil {number}", slug=f"profil-{number}")
        page.sections = [("acts", {"heading": "Akta", "anchor": "akta", "acts": [act]})]
        page.save_revision().publish()
    settings.WAGTAIL_DELIVERY = {**settings.WAGTAIL_DELIVERY, "DEPENDENTS_AT_ONCE": 0}
    WorkerSign.objects.create(pk=1, seen_at=timezone.now())
    return act


def rename(act: Act, title: str) -> None:
    act = Act.objects.get(pk=act.pk)
    act.title = title
    act.save_revision().publish()


def titles() -> list[str]:
    """The titles of the Act in the documents of the pages."""
    bodies = PublishedDocument.objects.filter(type="profile_page").values_list("body", flat=True)
    sections = [json.loads(bytes(body))["sections"] for body in bodies]
    return [section["value"]["acts"][0]["title"] for [section] in sections]


def waiting() -> set[str]:
    """The sources that are queued, or that a worker still has to add to the queue."""
    sources = set(PendingDocument.objects.values_list("source", flat=True))
    for row in PendingDependents.objects.all():
        others = Dependency.objects.filter(key__in=row.keys, document__gt=row.after)
        sources.update(others.values_list("document__source", flat=True))
    return sources


def work() -> None:
    while compile_next_pending():
        pass


def work_until_killed_at(statement: int) -> None:
    with connection.execute_wrapper(Killed(statement)):
        work()


def test_two_workers_share_the_queue_and_write_nothing_twice(act: Act) -> None:
    rename(act, "Akta baharu")
    assert titles() == ["Akta lama"] * SHOWN_IN
    before = Change.objects.count()
    workers = [in_process(work) for _ in range(2)]
    assert [outcome(pid) for pid in workers] == [0, 0]
    assert not waiting()
    assert titles() == ["Akta baharu"] * SHOWN_IN
    assert Change.objects.count() - before == SHOWN_IN
    assert not list(verify())


def test_after_a_kill_another_worker_goes_on(act: Act) -> None:
    print(f"Reproduce: KILLS_SEED={SEED}")
    chance = random.Random(SEED)
    killed = 0
    for number in range(12):
        rename(act, f"Akta {number}")
        # All of them take about sixty statements.
        pid = in_process(partial(work_until_killed_at, chance.randrange(1, 60)))
        killed += outcome(pid) == -signal.SIGKILL
        stored = dict(PublishedDocument.objects.values_list("source", "etag"))
        assert {one.source for one in verify()} <= waiting()
        # As if the time had passed for which other workers leave it alone.
        PendingDocument.objects.update(not_before=None)
        assert len(stored) > SHOWN_IN
    assert killed > 1
    work()
    assert titles() == ["Akta 11"] * SHOWN_IN
    assert not waiting()
    assert not list(verify())


def test_a_colleague_publishes_between_the_batches(
    act: Act, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not after all of them: the worker gives up the lock, and whoever waits is next."""
    monkeypatch.setattr("wagtail_delivery.publishing.dependents.BATCH_SECONDS", 0)
    other = ProfilePageFactory(title="Lain", slug="lain")
    rename(act, "Akta baharu")
    begun, begin = os.pipe()

    def work_slowly() -> None:
        os.write(begin, b".")
        while compile_next_pending():
            time.sleep(0.02)

    worker = in_process(work_slowly)
    assert os.read(begun, 1)
    other.save_revision().publish()
    left = PendingDocument.objects.count()
    assert outcome(worker) == 0
    for descriptor in (begun, begin):
        os.close(descriptor)
    assert left > 0
    assert not waiting()
    assert not list(verify())
