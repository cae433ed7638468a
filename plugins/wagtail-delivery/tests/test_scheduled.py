"""What is due is published and unpublished on time, whatever else fails, and once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from unittest import mock

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext
from wagtail.models import Page, PageLogEntry, Revision
from wagtail.signals import published as published_signal
from wagtail.signals import unpublished
from wagtail.users.models import UserProfile

from tests import samples
from tests.clock import time_is
from tests.samples import published, reloaded
from tests.stored import body_of, changes_since, differences, document_of, last_sequence
from tests.test_dependents import broken
from tests.testapp import models as app
from wagtail_delivery.extending import compile_next_pending, publish_due
from wagtail_delivery.management.commands import delivery_worker
from wagtail_delivery.models import OverdueSchedule, PendingDocument, WorkerSign
from wagtail_delivery.publishing import due_schedules, scheduled, transaction

pytestmark = pytest.mark.django_db

PAST = timedelta(minutes=1)


def scheduled_page(home: Page, slug: str, *, user: Any = None, ago: timedelta = PAST) -> Any:
    """A page that was never public, whose first version is due."""
    page = app.EventPage(title=slug.capitalize(), slug=slug, type="talk", live=False)
    Page.objects.get(pk=home.pk).add_child(instance=page)
    return scheduled_version(page, user=user, ago=ago)


def scheduled_version(page: Any, *, user: Any = None, ago: timedelta = PAST, **values: Any) -> Any:
    """Schedule a version of `page` as an editor does, and let its time pass."""
    for name, value in values.items():
        setattr(page, name, value)
    soon = timezone.now() + timedelta(hours=1)
    page.go_live_at = soon
    page.save_revision(user=user).publish(user=user, skip_permission_checks=True)
    let_time_pass(page, timedelta(hours=1) + ago)
    return reloaded(page)


def let_time_pass(item: Any, passed: timedelta) -> None:
    """Move everything that is planned for `item` into the past."""
    for revision in item.revisions.filter(approved_go_live_at__isnull=False):
        moment = datetime.fromisoformat(revision.content["go_live_at"]) - passed
        revision.content["go_live_at"] = moment.isoformat()
        revision.approved_go_live_at = moment
        revision.save()


def expired(page: Page, ago: timedelta = PAST) -> None:
    Page.objects.filter(pk=page.pk).update(expire_at=timezone.now() - ago)


def is_live(item: Any) -> bool:
    return bool(reloaded(item).live)


def schedules_of(item: Any) -> list[Any]:
    return list(item.revisions.order_by("pk").values_list("pk", "approved_go_live_at"))


def let_wait_pass() -> None:
    """As if the wait before the next attempt were over."""
    OverdueSchedule.objects.update(not_before=timezone.now())


@contextmanager
def refused(*slugs: str, by: Callable[[], Exception] | None = None) -> Iterator[None]:
    """A rule of the project speaks against publishing and unpublishing these pages."""

    def refuse(instance: Any, **_: Any) -> None:
        if getattr(instance, "slug", instance.pk) in slugs:
            raise by() if by else PermissionDenied(gettext("Edit the picture"))

    for signal in (published_signal, unpublished):
        signal.connect(refuse)
    try:
        yield
    finally:
        for signal in (published_signal, unpublished):
            signal.disconnect(refuse)


@pytest.fixture
def editor() -> User:
    """An editor whose admin is in Malay."""
    user = User.objects.create_superuser("aminah", "aminah@example.org", "x")
    UserProfile.objects.create(user=user, preferred_language="ms")
    return user


# On time


def test_the_worker_publishes_and_unpublishes_what_is_due(home: Page) -> None:
    old = published(app.PlainPage(title="Old", slug="old"), home)
    expired(old)
    due = scheduled_page(home, "due")
    later = scheduled_page(home, "later", ago=-timedelta(minutes=5))
    call_command("delivery_worker", "--once")
    assert (is_live(old), is_live(due), is_live(later)) == (False, True, False)
    assert reloaded(old).expired
    assert document_of(old) is document_of(later) is None
    assert body_of(due)["path"] == "/due/"
    log = PageLogEntry.objects.filter(action__endswith=".scheduled").values_list("action", "page")
    assert set(log) == {
        ("wagtail.publish.scheduled", due.pk),
        ("wagtail.unpublish.scheduled", old.pk),
    }
    assert not OverdueSchedule.objects.exists()


def test_snippets_are_published_and_unpublished_too() -> None:
    topic = samples.draft_topic("Topic", live=False)
    scheduled_version(topic)
    assert document_of(topic) is None
    publish_due()
    assert body_of(topic)["title"] == "Topic"
    app.DraftTopic.objects.update(expire_at=timezone.now() - PAST)
    publish_due()
    assert document_of(topic) is None


def test_a_snippet_that_inherits_a_table_is_unpublished_once(en: Any) -> None:
    doctor = app.Doctor.objects.create(**doctor_values(en))
    app.Doctor.objects.update(expire_at=timezone.now() - PAST)
    [due] = due_schedules.due_now()
    assert (due.model, due.pk) == (app.Doctor, doctor.pk)
    publish_due()
    assert not is_live(doctor)


def doctor_values(en: Any) -> dict[str, Any]:
    names = {field.name for field in app.Doctor._meta.get_fields()}
    given = {"name": "Siti", "locale": en}
    return {name: value for name, value in given.items() if name in names}


def test_a_worker_looks_often_enough_also_while_documents_wait(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Within 60 s of its time: a look, an attempt and a second one must fit in."""
    clock = [1000.0]
    looks: list[float] = []

    def look() -> bool:
        looks.append(clock[0])
        return False

    def compile_some() -> bool:
        clock[0] += 0.5
        return True

    monkeypatch.setattr(delivery_worker, "sign_on", lambda: None)
    monkeypatch.setattr(delivery_worker.time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(delivery_worker, "publish_due", look)
    monkeypatch.setattr(delivery_worker, "compile_next_pending", compile_some)
    work = delivery_worker.DocumentsWork()
    for _ in range(200):
        assert work.do_some()
    gaps = [after - before for before, after in pairwise(looks)]
    assert looks[0] == 1000.0
    assert len(gaps) >= 4
    assert max(gaps) <= 25


def test_a_worker_with_much_to_publish_compiles_documents_in_between(
    home: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = [scheduled_page(home, f"due{number}") for number in range(3)]
    monkeypatch.setattr(scheduled, "BATCH_SECONDS", -1)
    seen: list[int] = []

    def compile_some() -> bool:
        seen.append(sum(map(is_live, pages)))
        return False

    monkeypatch.setattr(delivery_worker, "compile_next_pending", compile_some)
    call_command("delivery_worker", "--once")
    assert seen == [1, 2, 3]


def test_a_new_worker_publishes_all_that_is_due_before_what_follows(
    home: Page, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = getattr(settings, "WAGTAIL_DELIVERY", {})
    settings.WAGTAIL_DELIVERY = {**options, "DEPENDENTS_AT_ONCE": 0}
    topic = samples.draft_topic("Topic")
    published(app.SeatPage(title="A", parent="p", site="x", position=1, topic=topic), home)
    while compile_next_pending():
        pass
    WorkerSign.objects.all().delete()
    scheduled_version(topic, title="Later")
    at_once: list[int] = []
    monkeypatch.setattr(transaction, "compile_all_pending", lambda: at_once.append(1))
    call_command("delivery_worker", "--once")
    assert at_once == []
    assert differences() == []


def test_a_window_that_has_passed_as_a_whole_is_never_public(home: Page) -> None:
    sequence = last_sequence()
    page = scheduled_page(home, "passed")
    revision = reloaded(page).latest_revision
    revision.content["expire_at"] = (timezone.now() - timedelta(seconds=1)).isoformat()
    revision.save()
    publish_due()
    assert not is_live(page)
    assert reloaded(page).expired
    assert changes_since(sequence) == []


def test_a_version_that_follows_an_expiry_keeps_its_schedule(home: Page) -> None:
    """Wagtail cancels it, without a word."""
    page = published(app.EventPage(title="First", slug="event", type="talk"), home)
    scheduled_version(page, title="Second", ago=-timedelta(minutes=30))
    expired(page)
    before = schedules_of(page)
    publish_due()
    assert not is_live(page)
    assert schedules_of(page) == before
    with time_is(timezone.now() + timedelta(hours=1)):
        publish_due()
    assert body_of(page)["title"] == "Second"


def test_a_version_that_replaces_what_expires_at_its_time_leaves_no_gap(home: Page) -> None:
    page = published(app.EventPage(title="First", slug="event", type="talk"), home)
    scheduled_version(page, title="Second")
    expired(page)
    sequence = last_sequence()
    publish_due()
    assert body_of(page)["title"] == "Second"
    assert changes_since(sequence) == [("upsert", "event_page", "/event/")]


# Failures


def test_what_fails_keeps_all_schedules_and_the_others_are_published(
    home: Page, caplog: pytest.LogCaptureFixture
) -> None:
    bad = published(app.EventPage(title="Bad", slug="bad", type="talk"), home)
    scheduled_version(bad, title="Better", ago=timedelta(minutes=3))
    # Wagtail's publish clears this one before it saves the row.
    other = bad.save_revision()
    Revision.objects.filter(pk=other.pk).update(approved_go_live_at="2099-01-01 00:00Z")
    gone = published(app.PlainPage(title="Gone", slug="gone"), home)
    expired(gone)
    good = scheduled_page(home, "good")
    before = schedules_of(bad)
    with refused("bad", "gone"):
        publish_due()
    assert schedules_of(bad) == before
    assert body_of(bad)["title"] == "Bad"
    assert (is_live(good), is_live(gone)) == (True, True)
    assert document_of(good) is not None
    rows = OverdueSchedule.objects.values_list("attempts", "failure")
    assert list(rows) == [(1, "Edit the picture.")] * 2
    assert caplog.text.count("could not be carried out") == 2
    let_wait_pass()
    publish_due()
    assert body_of(bad)["title"] == "Better"
    assert not is_live(gone)
    assert not OverdueSchedule.objects.exists()


def test_what_cannot_be_compiled_changes_nothing(home: Page, editor: User) -> None:
    page = scheduled_page(home, "bad", user=editor)
    before = schedules_of(page)
    with broken(page):
        publish_due()
    assert not is_live(page)
    assert schedules_of(page) == before
    assert document_of(page) is None
    assert "it is broken." in mail.outbox[0].body


def test_the_owner_of_what_is_not_valid_reads_which_field(home: Page, editor: User) -> None:
    page = scheduled_page(home, "bad", user=editor)
    revision = page.latest_revision
    revision.content["type"] = "swim"
    revision.save()
    publish_due()
    assert not is_live(page)
    assert "Type: Nilai 'swim' bukan pilihan yang sah." in mail.outbox[0].body


def test_the_panel_tells_why_something_was_not_unpublished(home: Page, client: Client) -> None:
    page = published(app.PlainPage(title="Old", slug="old"), home)
    client.force_login(get_user_model().objects.create_superuser("root", "root@example.org", "x"))
    names = ["testapp", "plainpage", page.pk]
    address = reverse("wagtail_delivery_admin:publication", args=names)
    expired(page)
    with mock.patch.object(Page, "unpublish"):
        publish_due()
    assert is_live(page)
    html = client.get(address).json()["html"]
    assert "It was to be unpublished on " in html
    assert "It was not unpublished, and no reason was given. It is tried again." in html
    let_wait_pass()
    publish_due()
    assert "It was to be unpublished" not in client.get(address).json()["html"]


def test_what_fails_is_tried_less_and_less_often(home: Page) -> None:
    scheduled_page(home, "bad")
    now = timezone.now()
    tried = []
    with refused("bad"):
        for second in range(0, 4000, 5):
            before = OverdueSchedule.objects.values_list("attempts", flat=True).first()
            with time_is(now + timedelta(seconds=second)):
                publish_due()
            if OverdueSchedule.objects.get().attempts != before:
                tried.append(second)
    assert tried == [0, 5, 20, 65, 200, 605, 1820]


def connection_lost() -> Exception:
    return OperationalError("the connection was lost")


def test_what_was_never_tried_comes_first(home: Page) -> None:
    scheduled_page(home, "bad", ago=timedelta(hours=2))
    with refused("bad"):
        publish_due()
    good = scheduled_page(home, "good")
    let_wait_pass()
    with refused("bad", by=connection_lost), pytest.raises(OperationalError):
        publish_due()
    assert is_live(good)


def test_an_error_of_the_database_is_nobodys_failure(home: Page, editor: User) -> None:
    page = scheduled_page(home, "due", user=editor)
    with refused("due", by=connection_lost), pytest.raises(OperationalError):
        publish_due()
    assert mail.outbox == []
    assert OverdueSchedule.objects.get().failure == ""
    let_wait_pass()
    publish_due()
    assert is_live(page)


def test_a_worker_that_was_killed_is_followed_by_another_attempt(home: Page) -> None:
    page = scheduled_page(home, "due")
    [due] = due_schedules.due_now()
    scheduled.begin(due.source, due.at)
    publish_due()
    assert not is_live(page)
    with time_is(timezone.now() + timedelta(seconds=6)):
        publish_due()
    assert is_live(page)


def test_the_owner_is_told_before_another_attempt_of_what_ends_each_worker(
    home: Page, editor: User
) -> None:
    scheduled_page(home, "deadly", user=editor)
    told: list[int] = []

    def die() -> Exception:
        told.append(len(mail.outbox))
        return OperationalError("as if the process had ended")

    for _ in range(5):
        with refused("deadly", by=die), pytest.raises(OperationalError):
            publish_due()
        let_wait_pass()
    assert told == [0, 0, 0, 1, 1]
    assert "Setiap cubaan terganggu" in mail.outbox[0].body


def test_what_publishes_nothing_without_a_reason_is_a_failure(
    home: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = scheduled_page(home, "held")
    old = published(app.PlainPage(title="Old", slug="old"), home)
    expired(old)
    monkeypatch.setattr(Revision, "publish", lambda *_, **__: None)
    monkeypatch.setattr(app.PlainPage, "unpublish", lambda *_, **__: None)
    publish_due()
    failures = OverdueSchedule.objects.order_by("pk").values_list("failure", flat=True)
    assert [failure.split(",")[0] for failure in failures] == [
        "It was not published",
        "It was not unpublished",
    ]
    assert not is_live(page)


def test_a_schedule_that_was_cancelled_or_changed_is_another_one(home: Page) -> None:
    page = scheduled_page(home, "bad")
    with refused("bad"):
        publish_due()
        let_wait_pass()
        publish_due()
    assert OverdueSchedule.objects.get().attempts == 2
    revision = reloaded(page).scheduled_revision
    moment = timezone.now() - timedelta(seconds=30)
    Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=moment)
    with refused("bad"):
        publish_due()
    row = OverdueSchedule.objects.get()
    assert (row.attempts, row.due_at) == (1, moment)
    Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=None)
    publish_due()
    assert not OverdueSchedule.objects.exists()


def test_the_command_tries_everything_now_and_lists_what_fails(home: Page) -> None:
    scheduled_page(home, "bad")
    good = scheduled_page(home, "good")
    with refused("bad"):
        publish_due()
        with pytest.raises(CommandError) as problem:
            call_command("publish_scheduled")
    assert is_live(good)
    assert str(problem.value).startswith("1 of the scheduled actions failed:")
    assert "Edit the picture" in str(problem.value)
    call_command("publish_scheduled")
    assert not OverdueSchedule.objects.exists()


def test_a_dry_run_changes_nothing(home: Page, capsys: pytest.CaptureFixture[str]) -> None:
    page = scheduled_page(home, "due")
    call_command("publish_scheduled", "--dryrun")
    assert "Due" in capsys.readouterr().out
    assert not is_live(page)


# Two schedulers


def test_what_another_scheduler_has_published_is_not_published_again(
    home: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = scheduled_page(home, "due")
    old = published(app.PlainPage(title="Old", slug="old"), home)
    expired(old)
    seen = due_schedules.due_now()
    publish_due()
    state = (reloaded(page).last_published_at, last_sequence())
    monkeypatch.setattr(scheduled, "due_now", lambda: seen)
    publish_due()
    assert (reloaded(page).last_published_at, last_sequence()) == state
    assert PageLogEntry.objects.filter(action__endswith=".scheduled").count() == 2
    assert not OverdueSchedule.objects.exists()


def test_of_two_schedulers_that_have_both_begun_one_publishes(
    home: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = scheduled_page(home, "due")
    begin = scheduled.begin

    def begin_and_let_the_other_publish(*arguments: Any, **options: Any) -> Any:
        row = begin(*arguments, **options)
        monkeypatch.setattr(scheduled, "begin", begin)
        let_wait_pass()
        publish_due()
        return row

    monkeypatch.setattr(scheduled, "begin", begin_and_let_the_other_publish)
    publish_due()
    assert is_live(page)
    assert PageLogEntry.objects.filter(action="wagtail.publish.scheduled").count() == 1


def test_of_two_schedulers_that_look_at_the_same_moment_one_begins(home: Page) -> None:
    """Otherwise both fail, and the owner gets two e-mails."""
    scheduled_page(home, "due")
    [due] = due_schedules.due_now()
    for _ in range(2):
        assert scheduled.begin(due.source, due.at) is not None
        assert scheduled.begin(due.source, due.at) is None
        let_wait_pass()


def test_a_schedule_that_is_cancelled_while_it_is_carried_out_publishes_nothing(
    home: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = scheduled_page(home, "due")
    finish = scheduled.finish

    def cancel_first(row: Any) -> bool:
        Revision.objects.update(approved_go_live_at=None)
        return finish(row)

    monkeypatch.setattr(scheduled, "finish", cancel_first)
    publish_due()
    assert not is_live(page)
    assert not OverdueSchedule.objects.exists()


# Links between what is due in the same minute


@pytest.fixture(params=["by a worker", "at once", "without a worker"])
def following(request: pytest.FixtureRequest, settings: Any) -> None:
    """How the documents follow that link to what is published."""
    options = getattr(settings, "WAGTAIL_DELIVERY", {})
    at_once = 20 if request.param == "at once" else 0
    settings.WAGTAIL_DELIVERY = {**options, "DEPENDENTS_AT_ONCE": at_once}
    if request.param == "by a worker":
        WorkerSign.objects.create(pk=1, seen_at=timezone.now() + timedelta(hours=1))


@pytest.mark.usefixtures("following")
@pytest.mark.parametrize("first", [0, 1])
def test_two_pages_that_link_to_each_other_come_out_with_both_links(home: Page, first: int) -> None:
    pages = [scheduled_page(home, slug) for slug in ("one", "two")]
    for page, other in (pages, reversed(pages)):
        late = timedelta(seconds=30) if page is pages[first] else timedelta(seconds=20)
        body = f'<p>See <a linktype="page" id="{other.pk}">the other</a>.</p>'
        scheduled_version(page, body=body, ago=late)
    assert due_schedules.due_now()[0].item().pk == pages[first].pk
    publish_due()
    while compile_next_pending():
        pass
    assert "/two/" in json.dumps(body_of(pages[0])["body"])
    assert "/one/" in json.dumps(body_of(pages[1])["body"])
    assert not PendingDocument.objects.exists()
    assert differences() == []


@pytest.mark.usefixtures("following")
@pytest.mark.parametrize("late", [10, 90])
def test_a_page_that_links_to_one_that_expires_then_comes_out_without_the_link(
    home: Page, late: int
) -> None:
    old = published(app.PlainPage(title="Old", slug="old"), home)
    page = scheduled_page(home, "due")
    body = f'<p>See <a linktype="page" id="{old.pk}">the other</a>.</p>'
    scheduled_version(page, body=body)
    expired(old, timedelta(seconds=late))
    publish_due()
    while compile_next_pending():
        pass
    assert "/old/" not in json.dumps(body_of(page)["body"])
    assert differences() == []


# Who is told


def test_the_owner_is_told_once_for_each_reason_in_their_language(home: Page, editor: User) -> None:
    page = scheduled_page(home, "bad", user=editor)
    with refused("bad"):
        for _ in range(3):
            publish_due()
            let_wait_pass()
    [message] = mail.outbox
    assert message.to == ["aminah@example.org"]
    assert message.subject == "“Bad” tidak dapat diterbitkan pada masanya"
    assert "Sunting gambar." in message.body
    assert "Salam sejahtera aminah," in message.body
    assert "(Asia/Kuala_Lumpur)" in message.body
    assert f"http://testserver/admin/pages/{page.pk}/edit/" in message.body
    with refused("bad", by=lambda: ValidationError(["Another reason"])):
        publish_due()
    assert len(mail.outbox) == 2
    assert "Another reason." in mail.outbox[1].body


def test_the_owner_of_what_cannot_expire_is_told(home: Page, editor: User) -> None:
    page = app.PlainPage(title="Old", slug="old", expire_at=timezone.now() + timedelta(hours=1))
    home.add_child(instance=page)
    page.save_revision(user=editor).publish(user=editor)
    expired(page)
    with refused("old"):
        publish_due()
    [message] = mail.outbox
    assert message.subject == "“Old” tidak dapat dinyahterbitkan pada masanya"
    assert "batalkan" not in message.body


def test_an_error_in_code_is_told_without_its_words(
    home: Page, editor: User, caplog: pytest.LogCaptureFixture
) -> None:
    scheduled_page(home, "bad", user=editor)
    with refused("bad", by=lambda: RuntimeError("secret words")):
        publish_due()
    [message] = mail.outbox
    assert "secret" not in message.body
    assert "RuntimeError" in message.body
    assert "secret words" in caplog.text


def test_whoever_scheduled_it_is_told_before_whoever_wrote_it(home: Page, editor: User) -> None:
    writer = User.objects.create_superuser("writer", "writer@example.org", "x")
    owner = User.objects.create_superuser("owner", "owner@example.org", "x")
    page = scheduled_page(home, "bad", user=writer)
    Page.objects.filter(pk=page.pk).update(owner=owner)
    revision = reloaded(page).latest_revision
    revision.content["go_live_at"] = (timezone.now() + timedelta(hours=1)).isoformat()
    revision.save()
    reloaded(revision).publish(user=editor)
    let_time_pass(page, timedelta(hours=2))
    reached = []
    for user in (editor, writer, owner, None):
        with refused("bad"):
            publish_due()
        reached += [message.to for message in mail.outbox]
        mail.outbox.clear()
        OverdueSchedule.objects.all().delete()
        if user:
            User.objects.filter(pk=user.pk).update(is_active=False)
    assert reached == [["aminah@example.org"], ["writer@example.org"], ["owner@example.org"]]


def test_a_mail_server_that_fails_stops_nothing_and_is_asked_again(
    home: Page, editor: User, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "no.such.Backend"
    scheduled_page(home, "bad", user=editor)
    good = scheduled_page(home, "good")
    with refused("bad"):
        publish_due()
        assert is_live(good)
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        let_wait_pass()
        publish_due()
    assert len(mail.outbox) == 1


def test_the_editor_says_why_it_was_not_published(home: Page, client: Any, editor: User) -> None:
    page = scheduled_page(home, "bad", user=editor)
    client.force_login(editor)
    address = f"/admin/pages/{page.pk}/edit/"
    assert "gagal" not in client.get(address).content.decode()
    with refused("bad", by=lambda: PermissionDenied("Ask <Siti>")):
        publish_due()
    shown = client.get(address).content.decode()
    assert "Penerbitan itu gagal: Ask &lt;Siti&gt;." in shown
    with translation.override("en"):
        assert "That failed: Ask" in reloaded(page).get_lock().get_message(editor)
