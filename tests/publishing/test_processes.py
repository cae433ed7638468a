"""Publishing while other processes publish, and while its own process is killed."""

from __future__ import annotations

import json
import os
import random
import signal
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Max
from wagtail.actions.delete import DeleteAction
from wagtail.actions.delete_page import DeletePageAction
from wagtail.models import ModelLogEntry, Page, PageLogEntry, Revision, Site

from cms.pages.models import ProfilePage
from cms.snippets.models import Act
from tests.factories import ActFactory, HomePageFactory, ProfilePageFactory
from tests.nightly import NIGHTLY
from tests.publishing.processes import Killed, in_process, outcome
from wagtail_delivery.extending import verify
from wagtail_delivery.models import Change, PublishedDocument

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.skipif(
        connection.vendor != "postgresql",
        reason="Needs a database server for two processes; SQLite's test database is in memory.",
    ),
]


@pytest.fixture(autouse=True)
def _site() -> None:
    """Only pages of a site are public."""
    Site.objects.create(
        hostname="localhost", port=80, is_default_site=True, root_page=HomePageFactory()
    )


#: The number of random statements at which an edit is killed. Nightly runs kill a page's publish at
#: every statement. KILLS_SEED=5 selects another sample.
SAMPLES = 16
SEED = int(os.environ.get("KILLS_SEED") or random.SystemRandom().randrange(1_000_000))


class Scene:
    """A page that links to another and shows an Act, and an editor's actions on them."""

    def __init__(self) -> None:
        self.act = ActFactory(title="Akta")
        self.act.save_revision().publish()
        self.page = ProfilePageFactory(title="Profil", slug="profil")
        self.page.save_revision().publish()
        holder = ProfilePageFactory(title="Yang lain", slug="lain")
        link = f'<p><a linktype="page" id="{self.page.pk}">Profil</a></p>'
        holder.sections = [
            ("text", {"heading": "Teks", "anchor": "teks", "body": link}),
            ("acts", {"heading": "Akta", "anchor": "akta", "acts": [self.act]}),
        ]
        holder.save_revision().publish()

    def changed(self, thing: Any) -> int:
        thing = type(thing).objects.get(pk=thing.pk)
        thing.title = "Baharu"
        return thing.save_revision().pk

    def publish_page(self) -> Callable[[], Any]:
        revision = self.changed(self.page)
        return lambda: Revision.objects.get(pk=revision).publish()

    def publish_snippet(self) -> Callable[[], Any]:
        revision = self.changed(self.act)
        return lambda: Revision.objects.get(pk=revision).publish()

    def unpublish_page(self) -> Callable[[], Any]:
        return lambda: ProfilePage.objects.get(pk=self.page.pk).unpublish()

    def unpublish_snippet(self) -> Callable[[], Any]:
        return lambda: Act.objects.get(pk=self.act.pk).unpublish()

    def delete_page(self) -> Callable[[], Any]:
        return lambda: DeletePageAction(
            ProfilePage.objects.get(pk=self.page.pk), user=None
        ).execute(skip_permission_checks=True)

    def delete_snippet(self) -> Callable[[], Any]:
        return lambda: DeleteAction(Act.objects.get(pk=self.act.pk)).execute(
            skip_permission_checks=True
        )


def everything() -> dict[str, Any]:
    """All that editors and the public see, without timestamps."""
    documents = {}
    for document in PublishedDocument.objects.all():
        body = json.loads(bytes(document.body))
        del body["meta"]
        documents[document.source] = body
    revisions = Revision.objects.order_by("pk")
    return {
        "pages": list(Page.objects.order_by("path").values_list("pk", "path", "title", "live")),
        "numbers of children": list(Page.objects.order_by("pk").values_list("numchild", flat=True)),
        "live revisions": list(Page.objects.order_by("pk").values_list("live_revision", flat=True)),
        "acts": list(Act.objects.values_list("pk", "title", "live", "live_revision")),
        "log of pages": list(PageLogEntry.objects.order_by("pk").values_list("action", "page")),
        "log": list(ModelLogEntry.objects.order_by("pk").values_list("action", "object_id")),
        "revisions": list(revisions.values_list("pk", "approved_go_live_at")),
        "documents": documents,
        "changes": list(
            Change.objects.order_by("sequence").values_list("action", "resource_id", "path")
        ),
    }


def outcome_of(work: Callable[[], Any]) -> tuple[dict[str, Any], int]:
    """The state after `work` and its number of statements; rolls `work` back."""
    counted = Killed(0)
    with transaction.atomic():
        with connection.execute_wrapper(counted):
            work()
        done = everything()
        transaction.set_rollback(True)
    return done, counted.seen


def cut_off_at(name: str, statements: int) -> list[int]:
    """The numbers of the statements before which the process is killed, ascending."""
    numbers = range(1, statements - 2)
    if NIGHTLY and name == "publish_page":
        return list(numbers)
    # Before statement 1, nothing has been written.
    return [1, *sorted(random.Random(SEED).sample(numbers[1:], SAMPLES - 1))]


@pytest.mark.parametrize(
    "name",
    [name for name in vars(Scene) if name.startswith(("publish", "unpublish", "delete"))],
)
def test_killing_the_process_leaves_all_or_nothing(name: str) -> None:
    """Rows, log entries, documents and the change log change all together or not at all."""
    work = getattr(Scene(), name)()
    before = everything()
    after, statements = outcome_of(work)
    assert before != after
    assert everything() == before
    # A publish takes far more statements than this.
    assert statements > 2 * SAMPLES
    print(f"Reproduce: KILLS_SEED={SEED} NIGHTLY={int(NIGHTLY)}")

    def attempt(at: int) -> int:
        def run() -> None:
            with connection.execute_wrapper(Killed(at)):
                work()

        return outcome(in_process(run))

    killed = 0
    # Also past the last statement: more of them may follow the commit.
    for at in (*cut_off_at(name, statements), *range(statements - 2, statements + 100)):
        code = attempt(at)
        now = everything()
        assert now in (before, after)
        assert not list(verify())
        if now == after:
            break
        assert code == -signal.SIGKILL
        killed += 1
    assert everything() == after
    assert killed >= SAMPLES


def test_the_change_log_grows_in_the_order_of_commits() -> None:
    """A reader that follows the sequence while four processes publish misses no change."""
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


def test_a_page_that_shows_an_act_never_misses_its_concurrent_changes() -> None:
    """Two processes repeatedly publish an Act and the page that shows it at the same time."""
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
    assert b"Akta 14" in bytes(
        PublishedDocument.objects.get(source=f"pages.profilepage:{page.pk}").body
    )


def test_an_error_in_an_outer_transaction_rolls_the_document_back() -> None:
    page = ProfilePageFactory(title="Profil")
    page.save_revision().publish()
    before = everything()
    page.title = "Tidak jadi"

    def fail() -> None:
        with transaction.atomic():
            page.save_revision().publish()
            raise RuntimeError("the request fails after the publish")

    with pytest.raises(RuntimeError):
        fail()
    assert everything() == before
    assert not list(verify())
