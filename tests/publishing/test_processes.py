"""Publishing while other processes publish, and while the own process is killed."""

from __future__ import annotations

import os
import signal
import time

import pytest
from django.db import connection, transaction
from django.db.models import Max
from wagtail.models import Page, PageLogEntry, Revision, Site

from cms.headless.models import Change, Document
from cms.headless.rebuild import verify
from cms.pages.models import ProfilePage
from tests.factories import ActFactory, HomePageFactory, ProfilePageFactory
from tests.publishing.processes import Killed, in_process, outcome

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.skipif(
        connection.vendor != "postgresql",
        reason="Two processes need a database server; SQLite's tests run in one process's memory.",
    ),
]


@pytest.fixture(autouse=True)
def _site() -> None:
    """Only what is on a site is public."""
    Site.objects.create(
        hostname="localhost", port=80, is_default_site=True, root_page=HomePageFactory()
    )


def state(page_id: int) -> dict[str, object]:
    """What the database says of a page: as editors, and as the public see it."""
    page = Page.objects.get(pk=page_id)
    document = Document.objects.filter(source=f"pages.profilepage:{page_id}").first()
    last_change = Change.objects.filter(resource_id=str(page.translation_key)).last()
    return {
        "title": page.title,
        "live_revision": page.live_revision_id,
        "document": bytes(document.body) if document else None,
        "etag": document.etag if document else None,
        "change": last_change.etag if last_change else None,
        "log": PageLogEntry.objects.filter(page=page_id, action="wagtail.publish").count(),
        "scheduled": Revision.objects.filter(
            object_id=str(page_id), approved_go_live_at__isnull=False
        ).count(),
    }


def test_killing_the_process_at_each_statement_leaves_everything_as_it_was() -> None:
    """Page, log entry, document and change log are those before the publish, or those after it."""
    page = ProfilePageFactory(title="Profil")
    page.save_revision().publish()
    page = ProfilePage.objects.get(pk=page.pk)
    page.title = "Profil baharu"
    revision = page.save_revision()
    before = state(page.pk)
    assert before["document"]

    def publish(at: int) -> int:
        def work() -> None:
            with connection.execute_wrapper(Killed(at)):
                Revision.objects.get(pk=revision.pk).publish()

        return outcome(in_process(work))

    killed = 0
    while True:
        code = publish(killed + 1)
        now = state(page.pk)
        assert not list(verify())
        assert now["etag"] == now["change"]
        if code == 0:
            break
        assert code == -signal.SIGKILL
        killed += 1
        if now != before:
            # Only what comes after the commit was cut off: all of the publish is there.
            assert now["title"] == "Profil baharu"
            assert now["live_revision"] == revision.pk
            assert now["log"] == int(str(before["log"])) + 1
            break
    # A publish is far more than this many statements: it was really cut off at each of them.
    assert killed > 30
    assert state(page.pk)["title"] == "Profil baharu"


def test_the_change_log_grows_in_the_order_of_commits() -> None:
    """A reader that follows the sequence while four processes publish misses nothing."""
    pages = [
        ProfilePageFactory(title=f"Profil {number}", slug=f"p-{number}") for number in range(4)
    ]
    for page in pages:
        page.save_revision().publish()
    start = Change.objects.aggregate(last=Max("sequence"))["last"]

    def publish_often(page_id: int) -> None:
        for round_number in range(8):
            page = ProfilePage.objects.get(pk=page_id)
            page.title = f"Profil {page_id} kali {round_number}"
            page.save_revision().publish()

    pids = [in_process(lambda page_id=page.pk: publish_often(page_id)) for page in pages]
    running, seen, last = set(pids), [], start
    deadline = time.monotonic() + 120
    while running and time.monotonic() < deadline:
        for pid in list(running):
            done, status = os.waitpid(pid, os.WNOHANG)
            if done:
                assert os.waitstatus_to_exitcode(status) == 0
                running.discard(pid)
        for sequence in Change.objects.filter(sequence__gt=last).values_list("sequence", flat=True):
            seen.append(sequence)
            last = sequence
    assert not running
    seen += Change.objects.filter(sequence__gt=last).values_list("sequence", flat=True)
    assert seen == list(
        Change.objects.filter(sequence__gt=start)
        .order_by("sequence")
        .values_list("sequence", flat=True)
    )
    assert len(seen) >= 32
    assert not list(verify())


def test_a_page_made_of_an_act_never_misses_what_another_process_makes_of_the_act() -> None:
    """Two processes publish an Act and the page that shows it, often and at the same time."""
    act = ActFactory(title="Akta lama")
    page = ProfilePageFactory(slug="akta")
    page.sections = [("acts", {"heading": "Akta", "anchor": "akta", "acts": [act]})]
    page.save_revision().publish()

    def publish_act() -> None:
        for number in range(15):
            act.title = f"Akta {number}"
            act.save_revision().publish()

    def publish_page() -> None:
        for number in range(15):
            fresh = ProfilePage.objects.get(pk=page.pk)
            fresh.title = f"Profil {number}"
            fresh.save_revision().publish()

    for pid in (in_process(publish_act), in_process(publish_page)):
        assert outcome(pid) == 0
    assert not list(verify())
    assert b"Akta 14" in bytes(Document.objects.get(source=f"pages.profilepage:{page.pk}").body)


def test_an_error_in_an_outer_transaction_takes_the_document_back() -> None:
    page = ProfilePageFactory(title="Profil")
    page.save_revision().publish()
    before = state(page.pk)
    page.title = "Tidak jadi"

    def fail() -> None:
        with transaction.atomic():
            page.save_revision().publish()
            raise RuntimeError("the request fails after the publish")

    with pytest.raises(RuntimeError):
        fail()
    assert state(page.pk) == before
    assert not list(verify())
