"""What follows a publish: up to a bound with it, the rest by a worker, and nothing is forgotten."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DataError
from django.utils import timezone
from wagtail.models import Collection, CollectionViewRestriction, Page

from tests import samples
from tests.followers import SHOWN_IN, broken, drain, queued, rename
from tests.samples import published
from tests.stored import differences, document_of, members_of
from tests.testapp import models as app
from wagtail_delivery.compiler.documents import source_of
from wagtail_delivery.encoding.base import EncodingError
from wagtail_delivery.models import (
    Change,
    PendingDependents,
    PendingDocument,
    PublishedDocument,
    WorkerSign,
)
from wagtail_delivery.publishing import compiling, dependents
from wagtail_delivery.publishing.dependents import LONGEST_SHOWN, compile_next_pending
from wagtail_delivery.publishing.pending_changes import pending_changes
from wagtail_delivery.store import pending
from wagtail_delivery.store.failures import Failure
from wagtail_delivery.store.following import total_following
from wagtail_delivery.store.sources import compile_source

pytestmark = pytest.mark.django_db


def shown_titles(seats: list[app.SeatPage]) -> list[Any]:
    """What the stored documents of the pages show of the topic."""
    found = [members_of(seat)["topic"] for seat in seats]
    return [topic and topic["title"] for topic in found]


def test_many_documents_follow_by_a_worker(
    seats: list[app.SeatPage], topic: app.DraftTopic
) -> None:
    rename(topic)
    assert shown_titles(seats) == ["Before"] * SHOWN_IN
    assert {one.source for one in differences()} == queued()
    assert pending.waiting_for(source_of(topic)).count() == SHOWN_IN
    drain()
    assert shown_titles(seats) == ["After"] * SHOWN_IN
    assert queued() == set()
    assert differences() == []


def test_without_a_worker_the_publishing_process_compiles_all(
    seats: list[app.SeatPage], topic: app.DraftTopic
) -> None:
    """Also if there was one, and it has not been seen for a while."""
    WorkerSign.objects.update(seen_at=timezone.now() - pending.SIGN_VALID)
    rename(topic)
    assert shown_titles(seats) == ["After"] * SHOWN_IN
    assert queued() == set()


def test_a_worker_tells_that_it_is_there(db: None) -> None:
    assert not pending.is_worker_alive()
    assert not compile_next_pending()
    assert pending.is_worker_alive()
    WorkerSign.objects.update(seen_at=timezone.now() - pending.SIGN_VALID)
    assert not pending.is_worker_alive()
    compile_next_pending()
    assert pending.is_worker_alive()


def test_few_documents_follow_at_once(
    seats: list[app.SeatPage], topic: app.DraftTopic, settings: Any
) -> None:
    settings.WAGTAIL_DELIVERY = {**settings.WAGTAIL_DELIVERY, "DEPENDENTS_AT_ONCE": SHOWN_IN}
    rename(topic)
    assert shown_titles(seats) == ["After"] * SHOWN_IN
    assert queued() == set()


def test_a_second_change_keeps_a_document_once_in_the_queue(
    seats: list[app.SeatPage], topic: app.DraftTopic
) -> None:
    rename(topic)
    rename(topic, "Later")
    assert len(queued()) == SHOWN_IN
    drain()
    assert shown_titles(seats) == ["Later"] * SHOWN_IN


def test_what_changed_itself_leaves_the_queue(
    seats: list[app.SeatPage], topic: app.DraftTopic
) -> None:
    rename(topic)
    late = next(seat for seat in seats if source_of(seat) in queued())
    late.save_revision().publish()
    assert source_of(late) not in queued()
    assert members_of(late)["topic"]["title"] == "After"


@pytest.mark.parametrize("at_once", [0, SHOWN_IN])
def test_a_document_that_shows_it_refuses_nothing(
    seats: list[app.SeatPage], topic: app.DraftTopic, at_once: int, settings: Any
) -> None:
    """It keeps its place in the queue with the reason, and follows when it can."""
    settings.WAGTAIL_DELIVERY = {**settings.WAGTAIL_DELIVERY, "DEPENDENTS_AT_ONCE": at_once}
    with broken(seats[0]):
        rename(topic)
        drain()
    assert shown_titles(seats) == ["Before", *["After"] * (SHOWN_IN - 1)]
    [row] = PendingDocument.objects.all()
    assert (row.source, row.attempts) == (source_of(seats[0]), 1)
    assert "it is broken" in row.failure
    assert row.not_before > timezone.now()

    drain()
    assert queued() == {source_of(seats[0])}
    PendingDocument.objects.update(not_before=timezone.now())
    drain()
    assert shown_titles(seats) == ["After"] * SHOWN_IN
    assert queued() == set()


def test_what_changed_itself_is_refused(seats: list[app.SeatPage], topic: app.DraftTopic) -> None:
    with broken(topic), pytest.raises(EncodingError):
        rename(topic)
    assert shown_titles(seats) == ["Before"] * SHOWN_IN
    assert queued() == set()


def test_attempts_are_further_and_further_apart(db: None) -> None:
    pending.enqueue(["testapp.seatpage:1"], pending.Reason((), is_withdrawal=False))
    row = PendingDocument.objects.get()
    waits = []
    for row.attempts in (1, 2, 3, 9, 1000):
        now = timezone.now()
        pending.record_failure(row, Failure({"": "it is broken"}))
        row.refresh_from_db()
        waits.append(round((row.not_before - now).total_seconds()))
    assert waits == [5, 15, 45, 3600, 3600]


def test_withdrawals_come_first(
    seats: list[app.SeatPage], topic: app.DraftTopic, home: Page, settings: Any
) -> None:
    settings.WAGTAIL_DELIVERY = {**settings.WAGTAIL_DELIVERY, "DEPENDENTS_AT_ONCE": 0}
    other = samples.draft_topic("Other")
    late = published(
        app.SeatPage(title="Late", slug="late", parent="p", site="x", position=9, topic=other), home
    )
    drain()
    rename(topic)
    other.unpublish()
    assert len(queued()) == SHOWN_IN + 1
    assert next(row.source for row in pending.claim(2)) == source_of(late)
    assert PendingDocument.objects.get(source=source_of(late)).is_withdrawal
    assert not PendingDocument.objects.get(source=source_of(seats[0])).is_withdrawal


@pytest.mark.parametrize("withdraw", ["unpublish", "delete"])
def test_what_is_withdrawn_leaves_documents_at_once_up_to_the_bound(
    seats: list[app.SeatPage], topic: app.DraftTopic, withdraw: str
) -> None:
    getattr(topic, withdraw)()
    drain()
    assert differences() == []
    assert "Before" not in shown_titles([seat for seat in seats if document_of(seat)])


def test_a_private_file_is_a_withdrawal(home: Page, by_worker: None) -> None:
    image = samples.an_image()
    for n in range(4):
        published(app.EventPage(title=f"E{n}", slug=f"e{n}", type="talk", image=image), home)
    drain()
    private = Collection.get_first_root_node().add_child(name="Private")
    CollectionViewRestriction.objects.create(collection=private, restriction_type="login")
    drain()
    image.collection = private
    image.save()
    assert len(queued()) == 2
    assert all(PendingDocument.objects.values_list("is_withdrawal", flat=True))


def test_a_document_that_may_show_what_is_private_is_removed_after_a_minute(
    seats: list[app.SeatPage], topic: app.DraftTopic
) -> None:
    with broken(seats[0]):
        topic.unpublish()
        drain()
        assert document_of(seats[0]) is not None
        PendingDocument.objects.update(not_before=None, recorded_at=timezone.now() - LONGEST_SHOWN)
        drain()
    assert document_of(seats[0]) is None
    assert Change.objects.latest("sequence").action == Change.DELETE

    PendingDocument.objects.update(not_before=None)
    drain()
    assert document_of(seats[0]) is not None
    assert differences() == []


def test_pages_below_an_unpublished_page_go_with_it(home: Page, by_worker: None) -> None:
    """However many they are: they are withdrawn themselves."""
    parent = published(app.PlainPage(title="Parent", slug="parent"), home)
    for n in range(4):
        published(app.PlainPage(title=f"Child {n}", slug=f"c{n}"), parent)
    drain()
    Page.objects.get(pk=parent.pk).specific.unpublish()
    assert not PublishedDocument.objects.filter(path__startswith="/parent/").exists()
    assert not PublishedDocument.objects.filter(path__contains="/parent/c").exists()


def test_pages_below_a_new_address_follow(home: Page, by_worker: None) -> None:
    parent = published(app.PlainPage(title="Parent", slug="parent"), home)
    for n in range(4):
        published(app.PlainPage(title=f"Child {n}", slug=f"c{n}"), parent)
    drain()
    parent = Page.objects.get(pk=parent.pk).specific
    parent.slug = "renamed"
    parent.save_revision().publish()
    assert document_of(parent).path.endswith("/renamed/")
    drain()
    paths = PublishedDocument.objects.filter(path__contains="/renamed/c")
    assert paths.count() == 4
    assert differences() == []


def test_a_batch_gives_the_lock_to_others_in_time(
    seats: list[app.SeatPage], topic: app.DraftTopic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dependents, "BATCH_SECONDS", 0)
    rename(topic)
    for left in reversed(range(SHOWN_IN)):
        assert compile_next_pending()
        assert PendingDocument.objects.count() == left
        # What was not begun counts no attempt.
        assert not PendingDocument.objects.filter(attempts__gt=0).exists()


def test_what_cannot_be_stored_is_found_without_holding_the_lock_for_all(
    seats: list[app.SeatPage], topic: app.DraftTopic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database does not say which document of a batch it refused."""
    rename(topic)
    refused = min(queued())
    put_all = compiling.put_all

    def refuse(compiled: Any, *rest: Any) -> Any:
        if refused in compiled:
            raise DataError("too long")
        return put_all(compiled, *rest)

    monkeypatch.setattr(compiling, "put_all", refuse)
    monkeypatch.setattr(dependents, "BATCH_SECONDS", 0)
    assert compile_next_pending()
    [failed] = PendingDocument.objects.exclude(failure="")
    assert failed.source == refused
    # The time is up: the others were not begun.
    assert PendingDocument.objects.filter(attempts=0).count() == SHOWN_IN - 1
    drain()
    assert queued() == {refused}


class WorkerKilledError(BaseException):
    """Ends a worker."""


def test_a_document_that_ends_each_worker_does_not_stop_the_others(
    seats: list[app.SeatPage], topic: app.DraftTopic, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename(topic)
    deadly = min(queued())

    def kill(source: str, *rest: Any) -> Any:
        if source == deadly:
            raise WorkerKilledError
        return compile_source(source, *rest)

    monkeypatch.setattr(compiling, "compile_source", kill)
    for _ in range(2 * SHOWN_IN):
        # As if so much time had passed.
        PendingDocument.objects.update(not_before=None)
        with suppress(WorkerKilledError):
            compile_next_pending()
    assert queued() == {deadly}
    assert PendingDocument.objects.get().attempts > 1


def test_two_workers_compile_nothing_twice(
    seats: list[app.SeatPage], topic: app.DraftTopic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What one has claimed, another leaves alone, and what it compiled is gone for the other."""
    rename(topic)
    assert len(queued()) == SHOWN_IN
    first = pending.claim(10)
    assert not compile_next_pending()
    PendingDocument.objects.all().delete()
    assert pending.claimed(first) == []


@pytest.mark.parametrize("count", [SHOWN_IN, 3 * SHOWN_IN])
def test_the_publish_itself_costs_the_same_however_many_follow(
    home: Page,
    topic: app.DraftTopic,
    by_worker: None,
    count: int,
    django_assert_max_num_queries: Callable[..., Any],
) -> None:
    for n in range(count):
        page = app.SeatPage(
            title=f"S{n}", slug=f"s{n}", parent="p", site="x", position=n, topic=topic
        )
        published(page, home)
    drain()
    topic.title = "After"
    with django_assert_max_num_queries(110):
        topic.save()
    assert len(queued()) == count


@pytest.fixture
def in_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker adds one document to the queue in each step."""
    monkeypatch.setattr(pending, "ADDED_BY_WORKER", 1)


@pytest.mark.usefixtures("in_steps")
def test_a_worker_adds_the_others_to_the_queue(
    seats: list[app.SeatPage], topic: app.DraftTopic
) -> None:
    rename(topic)
    # Not the document of the topic, which is right already.
    assert pending.count_following(source_of(topic)) == SHOWN_IN
    assert total_following(source_of(topic)) == 0
    assert not PendingDocument.objects.exists()
    for left in range(SHOWN_IN - 1, 0, -1):
        compile_next_pending()
        assert pending.count_following(source_of(topic)) == left
        assert total_following(source_of(topic)) == SHOWN_IN
    drain()
    assert shown_titles(seats) == ["After"] * SHOWN_IN
    assert not PendingDependents.objects.exists()
    assert differences() == []


@pytest.mark.usefixtures("in_steps")
def test_without_a_worker_the_others_are_added_too(
    seats: list[app.SeatPage], topic: app.DraftTopic
) -> None:
    WorkerSign.objects.all().delete()
    rename(topic)
    assert shown_titles(seats) == ["After"] * SHOWN_IN
    assert not PendingDependents.objects.exists()


@pytest.mark.usefixtures("in_steps")
def test_what_changes_twice_meanwhile_is_right_in_the_end(
    seats: list[app.SeatPage], topic: app.DraftTopic
) -> None:
    rename(topic)
    compile_next_pending()
    rename(topic, "Later")
    seats[0].save_revision().publish()
    drain()
    assert shown_titles(seats) == ["Later"] * SHOWN_IN
    assert differences() == []


@pytest.mark.usefixtures("in_steps")
def test_a_killed_worker_adds_no_document_for_good_nor_loses_one(
    seats: list[app.SeatPage], topic: app.DraftTopic, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename(topic)

    def die(*_: Any) -> None:
        raise WorkerKilledError

    for name in ("add_next_dependents", "claim"):
        with monkeypatch.context() as patched:
            patched.setattr(dependents, name, die)
            with suppress(WorkerKilledError):
                compile_next_pending()
    drain()
    assert shown_titles(seats) == ["After"] * SHOWN_IN
    assert not PendingDependents.objects.exists()


@pytest.mark.usefixtures("in_steps")
def test_what_may_show_something_private_is_added_first(
    home: Page, seats: list[app.SeatPage], topic: app.DraftTopic
) -> None:
    secret = samples.draft_topic("Secret")
    for n in range(4):
        page = app.SeatPage(
            title=f"X{n}", slug=f"x{n}", parent="p", site="x", position=n, topic=secret
        )
        published(page, home)
    drain()
    rename(topic)
    begun = PendingDependents.objects.get()
    secret.unpublish()
    while PendingDependents.objects.filter(is_withdrawal=True).exists():
        compile_next_pending()
        assert PendingDependents.objects.get(pk=begun.pk).after == begun.after
    shown = [
        members_of(page)["topic"] for page in app.SeatPage.objects.filter(slug__startswith="x")
    ]
    assert shown == [None] * 4


def test_a_rebuild_empties_the_queue(seats: list[app.SeatPage], topic: app.DraftTopic) -> None:
    rename(topic)
    assert queued()
    call_command("delivery_rebuild", verbosity=0)
    assert queued() == set()


def test_the_worker_command_compiles_what_is_due(
    seats: list[app.SeatPage], topic: app.DraftTopic
) -> None:
    rename(topic)
    call_command("delivery_worker", "--once")
    assert shown_titles(seats) == ["After"] * SHOWN_IN


def test_an_error_after_the_commit_does_not_reach_the_publisher(
    seats: list[app.SeatPage],
    topic: app.DraftTopic,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    WorkerSign.objects.all().delete()

    def fail(most: int) -> Any:
        raise OSError("the disk is full")

    monkeypatch.setattr(dependents, "claim", fail)
    rename(topic)
    assert queued()
    assert "wait for the next one" in caplog.text
    assert pending_changes().depth == 0
