"""Schedulers in processes of their own publish once, and a kill loses no schedule."""

from __future__ import annotations

import os
import random
import signal

import pytest
from django.db import connection
from wagtail.models import PageLogEntry, Revision, Site

from cms.pages.models import StandardPage
from tests.factories import HomePageFactory, StandardPageFactory
from tests.publishing.processes import Killed, in_process, outcome
from tests.publishing.schedules import let_wait_pass, schedule
from wagtail_delivery.extending import compile_next_pending, publish_due, verify
from wagtail_delivery.models import OverdueSchedule, PendingDocument, PublishedDocument

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.skipif(
        connection.vendor != "postgresql",
        reason="Needs a database server for two processes; SQLite's test database is in memory.",
    ),
]

#: KILLS_SEED=5 selects other statements.
SEED = int(os.environ.get("KILLS_SEED") or random.SystemRandom().randrange(1_000_000))


@pytest.fixture
def pages() -> list[StandardPage]:
    """Pages whose first version is due."""
    Site.objects.create(
        hostname="localhost", port=80, is_default_site=True, root_page=HomePageFactory()
    )
    found = [StandardPageFactory(title=slug, slug=slug, live=False) for slug in ("a", "b", "c")]
    for page in found:
        schedule(page)
    return found


def publish_everything() -> None:
    while publish_due():
        pass


def test_two_schedulers_publish_once(pages: list[StandardPage]) -> None:
    schedulers = [in_process(publish_everything) for _ in range(3)]
    assert [outcome(pid) for pid in schedulers] == [0, 0, 0]
    published = PageLogEntry.objects.filter(action="wagtail.publish.scheduled")
    assert sorted(published.values_list("page", flat=True)) == [page.pk for page in pages]
    assert PublishedDocument.objects.filter(type="standard_page").count() == len(pages)
    assert not OverdueSchedule.objects.exists()
    assert not list(verify())


def test_a_kill_loses_no_schedule(pages: list[StandardPage]) -> None:
    print(f"Reproduce: KILLS_SEED={SEED}")
    chance = random.Random(SEED)
    killed = 0
    for _ in range(10):
        at = chance.randrange(1, 250)

        def work(at: int = at) -> None:
            with connection.execute_wrapper(Killed(at)):
                publish_everything()

        killed += outcome(in_process(work)) == -signal.SIGKILL
        live = set(StandardPage.objects.live().values_list("pk", flat=True))
        due = Revision.objects.filter(approved_go_live_at__isnull=False)
        scheduled = {int(pk) for pk in due.values_list("object_id", flat=True)}
        # Each is public with its document, or still scheduled.
        assert live | scheduled == {page.pk for page in pages}
        assert not live & scheduled
        queued = set(PendingDocument.objects.values_list("source", flat=True))
        assert {one.source for one in verify()} <= queued
        let_wait_pass()
    assert killed
    publish_everything()
    while compile_next_pending():
        pass
    assert StandardPage.objects.live().count() == len(pages)
    assert not OverdueSchedule.objects.exists()
    assert not list(verify())
