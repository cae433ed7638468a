"""The scheduler runs on time in one process, survives failures, and stops with its server."""

from __future__ import annotations

import subprocess
import sys
import threading
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Locale, Page

from cms.operations import scheduler
from cms.operations.scheduler import (
    Scheduler,
    ask_front_end,
    compile_documents,
    prepare_picture,
    prune_change_log,
    publish_scheduled,
    purge_cache,
    submit_page,
)
from tests.factories import StandardPageFactory, bilingual_home
from wagtail_delivery.models import Change

HOLD = """
import fcntl, sys
file = open(sys.argv[1], "w")
fcntl.flock(file, fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.read()
"""


class Ticks:
    """Stands in for publishing and counts the calls."""

    def __init__(self) -> None:
        self.count = 0
        self.changed = threading.Condition()

    def __call__(self) -> None:
        with self.changed:
            self.count += 1
            self.changed.notify_all()

    def reach(self, count: int, timeout: float = 20) -> bool:
        with self.changed:
            return self.changed.wait_for(lambda: self.count >= count, timeout)


@pytest.fixture
def ticks(monkeypatch):
    ticks = Ticks()
    monkeypatch.setattr(scheduler, "publish_scheduled", ticks)
    return ticks


@pytest.fixture
def start(tmp_path):
    """Starts schedulers that share a lock file, and stops them after the test."""
    started: list[Scheduler] = []

    def one(interval: float = 0.01) -> Scheduler:
        started.append(Scheduler(tmp_path / "lock", interval))
        started[-1].start()
        return started[-1]

    yield one
    for each in started:
        each.stop()


def test_it_runs_at_once_and_repeatedly_until_it_is_stopped(ticks, start):
    running = start()
    assert ticks.reach(3)
    running.stop()
    after = ticks.count
    assert not ticks.reach(after + 1, timeout=0.2)


def test_the_first_run_does_not_wait_for_the_interval(ticks, start):
    start(interval=3600)
    assert ticks.reach(1)


def test_it_waits_while_another_process_holds_the_lock_and_takes_over_when_that_is_killed(
    ticks, start, tmp_path
):
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, tmp_path / "lock"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with holder:
        try:
            assert holder.stdout.readline() == "held\n"
            start()
            assert not ticks.reach(1, timeout=0.3)
        finally:
            holder.kill()
    assert ticks.reach(1)


def test_only_one_of_two_schedulers_in_a_process_runs(start, monkeypatch):
    workers: set[int] = set()
    enough = threading.Event()

    def record() -> None:
        workers.add(threading.get_ident())
        if len(ticked := seen.append(1) or seen) >= 10:
            assert ticked
            enough.set()

    seen: list[int] = []
    monkeypatch.setattr(scheduler, "publish_scheduled", record)
    first, second = start(), start()
    assert enough.wait(20)
    assert len(workers) == 1
    assert first is not second


def test_a_lock_that_cannot_be_opened_is_logged_and_tried_again(ticks, tmp_path, caplog):
    one = Scheduler(tmp_path / "no such folder" / "lock", 0.01)
    one.start()
    try:
        assert not ticks.reach(1, timeout=0.2)
        (tmp_path / "no such folder").mkdir()
        assert ticks.reach(1)
    finally:
        one.stop()
    assert "Cannot open the lock file" in caplog.text


def test_stopping_a_scheduler_that_never_started_does_nothing(tmp_path):
    Scheduler(tmp_path / "lock").stop()
    assert not (tmp_path / "lock").exists()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_due_pages_are_published_and_expired_ones_unpublished(monkeypatch):
    monkeypatch.setattr(scheduler.connections, "close_all", lambda: None)
    root = Page.get_first_root_node()
    now = timezone.now()
    due = root.add_child(instance=Page(title="Due", slug="due", live=False))
    due.save_revision(approved_go_live_at=now - timedelta(minutes=1))
    later = root.add_child(instance=Page(title="Later", slug="later", live=False))
    later.save_revision(approved_go_live_at=now + timedelta(hours=1))
    expired = root.add_child(instance=Page(title="Expired", slug="expired", expire_at=now))

    publish_scheduled()

    live = {page.pk: page.live for page in Page.objects.all()}
    assert (live[due.pk], live[later.pk], live[expired.pk]) == (True, False, False)


def test_a_failure_is_logged_and_the_thread_continues(start, monkeypatch, caplog):
    called = Ticks()

    def broken() -> bool:
        called()
        raise RuntimeError("publishing broke")

    monkeypatch.setattr(scheduler, "publish_due", broken)
    monkeypatch.setattr(scheduler.connections, "close_all", lambda: None)
    running = start()
    assert called.reach(2)
    running.stop()
    assert "publishing broke" in caplog.text


def test_a_job_runs_again_at_once_while_there_is_more(tmp_path):
    left = [True, True, False]
    done = threading.Event()

    def job() -> bool:
        more = left.pop(0)
        if not more:
            done.set()
        return more

    one = Scheduler(tmp_path / "lock", 3600, job)
    one.start()
    assert done.wait(5)
    one.stop()
    assert left == []


def test_a_picture_that_fails_does_not_stop_the_thread(monkeypatch):
    def failing() -> bool:
        raise OperationalError("database is locked")

    monkeypatch.setattr(scheduler, "prepare_next_image", failing)
    assert prepare_picture() is False
    monkeypatch.setattr(scheduler, "prepare_next_image", lambda: True)
    assert prepare_picture() is True


def test_documents_that_fail_do_not_stop_the_thread(monkeypatch):
    def failing() -> bool:
        raise OperationalError("database is locked")

    monkeypatch.setattr(scheduler, "compile_next_pending", failing)
    assert compile_documents() is False
    monkeypatch.setattr(scheduler, "compile_next_pending", lambda: True)
    assert compile_documents() is True


def test_a_front_end_that_cannot_be_asked_does_not_stop_the_thread(monkeypatch):
    def failing() -> bool:
        raise OperationalError("database is locked")

    monkeypatch.setattr(scheduler, "check_next_front_end", failing)
    assert ask_front_end() is False
    monkeypatch.setattr(scheduler, "check_next_front_end", lambda: True)
    assert ask_front_end() is True


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_submitted_pages_are_translated_by_the_scheduler(monkeypatch, tmp_path):
    monkeypatch.setattr(scheduler.connections, "close_all", lambda: None)
    malay = Locale.objects.get(language_code="ms")
    english = Locale.objects.get_or_create(language_code="en")[0]
    home = bilingual_home(malay, english)
    pages = [StandardPageFactory(parent=home, locale=malay, title=title) for title in "ABCDEF"]
    client = Client()
    client.force_login(User.objects.create_superuser("admin"))
    address = reverse("wagtail_localize:submit_page_translation", args=[pages[0].pk])
    for page in pages[1:]:
        Page.objects.get(pk=page.pk).move(Page.objects.get(pk=pages[0].pk), "last-child")
    answer = client.post(address, {"locales": [english.pk], "include_subtree": "on"})
    assert "0 daripada 6 halaman" in client.get(answer.url).content.decode()

    while submit_page():
        pass

    assert all(page.has_translation(english) for page in pages)
    assert "6 daripada 6 halaman" in client.get(answer.url).content.decode()


def test_a_submission_that_fails_does_not_stop_the_thread(monkeypatch, caplog):
    def failing() -> bool:
        raise OperationalError("database is locked")

    monkeypatch.setattr(scheduler, "submit_next_page", failing)
    assert submit_page() is False
    assert "could not be submitted" in caplog.text


@pytest.mark.django_db
def test_each_cache_is_purged_by_its_name(monkeypatch, settings, caplog):
    monkeypatch.setattr(scheduler.connections, "close_all", lambda: None)
    target = {"ADDRESS": "http://127.0.0.1:1"}
    settings.WAGTAIL_DELIVERY = {**settings.WAGTAIL_DELIVERY, "PURGE": {"varnish": target}}
    assert purge_cache("varnish") is False
    Change.objects.create(action=Change.UPSERT, collection="acts", surrogate_keys="acts")
    assert purge_cache("varnish") is False
    assert "The cache varnish cannot be purged" in caplog.text


@pytest.mark.django_db
def test_old_entries_of_the_change_log_are_removed(monkeypatch):
    monkeypatch.setattr(scheduler.connections, "close_all", lambda: None)
    document = {"action": Change.UPSERT, "collection": "acts", "path": ""}
    old, new = (Change.objects.create(**document).pk for _ in range(2))
    Change.objects.exclude(pk=new).update(recorded_at=timezone.now() - timedelta(days=91))
    assert prune_change_log() is False
    entries = Change.objects.order_by("pk").values_list("pk", "action")
    assert list(entries) == [(old, "pruned"), (new, "upsert")]
