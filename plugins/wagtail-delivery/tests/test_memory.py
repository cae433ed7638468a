"""The memory of answers: as new as the change log, bounded, and on time."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.handlers.wsgi import WSGIHandler
from django.db import OperationalError
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from tests import samples
from tests.clock import time_is
from tests.memories import PREFIX, Answered, Asked, Memory
from tests.samples import published, reloaded
from tests.testapp import models as app
from wagtail_delivery.api.queries import connection as queries
from wagtail_delivery.models import Change
from wagtail_delivery.serving import application as serving
from wagtail_delivery.serving import following, kept_answers
from wagtail_delivery.serving.application import MemoryApplication, with_memory
from wagtail_delivery.serving.kept_answers import Answer, Kept, KeptAnswers, Reading

pytestmark = pytest.mark.django_db

LIST = Asked(f"{PREFIX}/pages")


@pytest.fixture
def page(home: Page) -> Any:
    return published(app.PlainPage(title="Page", slug="page"), home)


@pytest.fixture
def asked(page: Any) -> Asked:
    return Asked(f"{PREFIX}/pages/{page.translation_key}")


@pytest.fixture
def memory(page: Any) -> Memory:
    return Memory()


def edit(page: Any, title: str = "Edited") -> None:
    page.title = title
    page.save_revision().publish()


class Clock:
    """The clocks of the memory: the monotonic one, and that of expiries."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._shift = 0.0
        for module in (serving, following):
            real = module.monotonic
            patch.setattr(module, "monotonic", lambda real=real: real() + self._shift)

    def pass_by(self, seconds: float) -> None:
        self._shift += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def number_of(answered: Answered) -> int:
    return int(answered.header("X-Content-Sequence"))


# What is kept


def test_the_second_answer_needs_no_query(
    memory: Memory, asked: Asked, django_assert_num_queries: Any
) -> None:
    first = memory.ask(asked)
    with django_assert_num_queries(0):
        assert memory.ask(asked) == first
        assert memory.passed == 1


@pytest.mark.parametrize(
    "path",
    [
        *("/health/live", "/health/ready", "/health/queue", "/health/memory", "/changes"),
        *("/pages/nothing", "/resolve?path=/nothing/", "/pages?colour=red", "/nothing", "/"),
    ],
)
def test_what_is_no_content_is_not_kept(memory: Memory, path: str) -> None:
    path, _, query = path.partition("?")
    asked = Asked(f"{PREFIX}{path}", query)
    memory.ask(asked)
    assert not memory.is_kept(asked)
    assert len(memory.kept) == 0


@pytest.mark.parametrize("method", ["POST", "OPTIONS", "get", "DELETE"])
def test_other_methods_pass_by(memory: Memory, asked: Asked, method: str) -> None:
    memory.ask(asked)
    other = Asked(asked.path, method=method)
    assert not memory.is_kept(other)
    assert memory.ask(other) == memory.ask_plain(other)


def test_the_number_is_that_of_the_log_now(memory: Memory, page: Any, asked: Asked) -> None:
    """Whatever was published meanwhile, the answer is as new as that."""
    before = number_of(memory.ask(asked))
    samples.plain_topic("Topic")
    memory.follow()
    assert memory.is_kept(asked)
    assert number_of(memory.ask(asked)) == number_of(memory.ask_plain(asked)) > before


# What changes


def test_a_change_drops_what_it_concerns(memory: Memory, page: Any, asked: Asked) -> None:
    topics = Asked(f"{PREFIX}/plain_topics")
    for one in (asked, LIST, topics):
        memory.ask(one)
    edit(page)
    memory.follow()
    assert [memory.is_kept(one) for one in (topics, asked, LIST)] == [True, False, False]
    assert b"Edited" in memory.ask(asked).body


def test_another_order_of_a_list_drops_it(memory: Memory, page: Any, home: Page) -> None:
    """Nothing is compiled, so no document has an entry in the log."""
    second = published(app.PlainPage(title="Second", slug="second"), reloaded(home))
    asked = Asked(f"{PREFIX}/pages", "order=position")
    memory.follow()
    before = memory.ask(asked)
    reloaded(page).move(reloaded(second), pos="right")
    memory.follow()
    assert memory.ask(asked) == memory.ask_plain(asked)
    assert memory.ask(asked).body != before.body


def test_a_redirect_of_an_editor_drops_what_is_at_its_address(memory: Memory, page: Any) -> None:
    Redirect.add_redirect("/old", redirect_to="https://example.org/")
    memory.follow()
    asked = Asked(f"{PREFIX}/resolve", "path=/old/")
    memory.ask(asked)
    assert memory.is_kept(asked)
    Redirect.objects.get().delete()
    memory.follow()
    assert memory.ask(asked).status == "404 Not Found"


def test_an_answer_that_was_read_before_a_change_is_not_kept(
    memory: Memory, page: Any, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(environ: Any, start: Any) -> Any:
        response = memory.plain(environ, start)
        # Its bytes have been read; now somebody publishes, and the memory hears of it first.
        edit(page)
        memory.follow()
        return response

    monkeypatch.setattr(memory.application, "application", slow)
    assert b"Edited" not in memory.ask(asked).body
    monkeypatch.undo()
    assert b"Edited" in memory.ask(asked).body


def test_an_answer_that_is_newer_than_the_memory_is_kept_with_all_before_it(
    memory: Memory, page: Any, asked: Asked
) -> None:
    memory.ask(LIST)
    edit(page)
    # The follower has not looked yet. This request reads the new state, so the memory catches up.
    memory.ask(asked)
    assert memory.is_kept(asked)
    assert not memory.is_kept(LIST)


def test_at_least_is_honoured(memory: Memory, page: Any, asked: Asked) -> None:
    floor = Asked(asked.path, f"at_least={memory.kept.sequence}")
    memory.ask(floor)
    assert memory.is_kept(floor)
    edit(page)
    newer = Asked(asked.path, f"at_least={Change.objects.latest('sequence').sequence}")
    memory.ask(asked)
    assert b"Edited" in memory.ask(newer).body
    assert number_of(memory.ask(newer)) >= memory.kept.sequence


@pytest.mark.parametrize("loss", ["fewer entries", "another entry"])
def test_another_log_begins_anew(memory: Memory, page: Any, asked: Asked, loss: str) -> None:
    """A backup was restored: its numbers say nothing about what is kept."""
    memory.ask(asked)
    last = Change.objects.latest("sequence")
    if loss == "fewer entries":
        last.delete()
    else:
        Change.objects.filter(pk=last.pk).update(
            recorded_at=last.recorded_at - datetime.timedelta(hours=1)
        )
    memory.follow()
    assert not memory.is_kept(asked)
    assert memory.is_kept(asked)


# How old


def test_without_confirmation_nothing_is_given_after_a_quarter_of_a_second(
    memory: Memory, asked: Asked, clock: Clock
) -> None:
    memory.follow()
    memory.ask(asked)
    clock.pass_by(0.2)
    assert memory.is_kept(asked)
    clock.pass_by(0.1)
    assert not memory.is_kept(asked)
    memory.follow()
    assert memory.is_kept(asked)


def test_a_thread_that_has_died_is_replaced(memory: Memory) -> None:
    follower = memory.application.follower
    started: list[object] = []

    class Thread:
        def __init__(self, **_: Any) -> None:
            self.lives = False

        def start(self) -> None:
            self.lives = True
            started.append(self)

        def is_alive(self) -> bool:
            return self.lives

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(following.threading, "Thread", Thread)
        del follower.start
        follower.start()
        follower.start()
        assert len(started) == 1
        follower._thread.lives = False  # type: ignore[union-attr]
        follower.start()
        assert len(started) == 2


# The database is away


@pytest.fixture
def broken(memory: Memory, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """`undo` brings the database back."""

    def fail(*_: Any) -> Any:
        raise OperationalError("away")

    with pytest.MonkeyPatch.context() as patch:
        yield _Break(patch, fail)  # type: ignore[misc]


class _Break:
    def __init__(self, patch: pytest.MonkeyPatch, fail: Any) -> None:
        self._patch, self._fail = patch, fail

    def begin(self) -> None:
        self._patch.setattr(queries, "_fetch", self._fail)

    def end(self) -> None:
        self._patch.undo()


@pytest.mark.parametrize("notices", [True, False], ids=["the follower knows", "nobody knows"])
def test_what_is_kept_is_given_as_stale_while_the_database_is_away(
    memory: Memory, asked: Asked, clock: Clock, broken: Any, notices: bool, settings: Any
) -> None:
    fresh = memory.ask(asked)
    broken.begin()
    memory.application.follower.is_away = notices
    clock.pass_by(30)
    stale = memory.ask(asked)
    assert (stale.status, stale.body) == (fresh.status, fresh.body)
    assert stale.headers == (
        *fresh.headers,
        ("Age", "30"),
        ("Warning", '111 - "Revalidation Failed"'),
    )
    clock.pass_by(31)
    assert stale.header("Cache-Control").startswith("public, max-age=60,")
    assert ("Warning", '110 - "Response is Stale"') in memory.ask(asked).headers
    assert memory.ask(LIST).status == "503 Service Unavailable"
    clock.pass_by(86_400)
    assert memory.ask(asked).status == "503 Service Unavailable"
    broken.end()
    memory.follow()
    assert memory.ask(asked).header("Age") == ""


# What expires


@pytest.fixture
def expiring(home: Page, monkeypatch: pytest.MonkeyPatch) -> Any:
    page = app.PlainPage(title="Expiring", slug="expiring")
    page.expire_at = timezone.now() + datetime.timedelta(minutes=10)
    return published(page, home)


def now_is(patch: pytest.MonkeyPatch, moment: datetime.datetime) -> None:
    for module in (serving, kept_answers):
        patch.setattr(module.time, "time", moment.timestamp)


@pytest.mark.parametrize("known", ["from the log", "from the start"])
def test_what_expires_is_not_given_any_more(
    memory: Memory, expiring: Any, known: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = memory if known == "from the log" else Memory()
    memory.follow()
    one = Asked(f"{PREFIX}/pages/{expiring.translation_key}")
    # A page of the list that does not show it, but has `next` because of it.
    before_it = Asked(f"{PREFIX}/pages", "order=title&limit=1")
    for asked in (one, LIST, before_it):
        memory.ask(asked)
    moment = expiring.expire_at - datetime.timedelta(seconds=30, milliseconds=500)
    with time_is(moment):
        now_is(monkeypatch, moment)
        for asked in (one, LIST):
            assert memory.is_kept(asked)
            found = memory.ask(asked)
            assert found == memory.ask_plain(asked)
            assert found.header("Cache-Control").startswith("public, max-age=30, ")
    with time_is(expiring.expire_at):
        now_is(monkeypatch, expiring.expire_at)
        for asked in (one, LIST, before_it):
            assert not memory.is_kept(asked)
        assert memory.ask(one).status == "404 Not Found"
        assert memory.ask(LIST) == memory.ask_plain(LIST)


def test_an_answer_that_was_read_before_an_expiry_is_not_kept(
    memory: Memory, expiring: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory.follow()

    def slow(environ: Any, start: Any) -> Any:
        response = memory.plain(environ, start)
        now_is(monkeypatch, expiring.expire_at)
        return response

    memory.application.application = slow
    memory.ask(LIST)
    assert len(memory.kept) == 0


def test_nothing_expired_is_given_while_the_database_is_away(
    memory: Memory, expiring: Any, clock: Clock, broken: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory.follow()
    one = Asked(f"{PREFIX}/pages/{expiring.translation_key}")
    memory.ask(one)
    broken.begin()
    memory.application.follower.is_away = True
    clock.pass_by(1)
    assert memory.ask(one).header("Age") == "1"
    now_is(monkeypatch, expiring.expire_at)
    assert memory.ask(one).status == "503 Service Unavailable"


# How much


def answers(count: int, most_bytes: int, *keys: str) -> KeptAnswers:
    kept = KeptAnswers(most_bytes)
    kept.reset(5)
    for number in range(count):
        add(kept, f"/{number}", *keys)
    return kept


def add(kept: KeptAnswers, path: str, *keys: str, body: bytes = b"x" * 1000) -> bool:
    entry = Kept((path, ""), '"x"', "get", keys or ("key",), 5, None)
    answer = Answer("200 OK", [("X-Content-Sequence", "5")], [body], 0, None)
    reading = Reading(5, timezone.now().timestamp(), kept.generation)
    return kept.keep(entry, (False, False, "", False), answer, reading)


def test_the_memory_is_bounded_and_forgets_what_was_asked_for_longest_ago() -> None:
    kept = answers(20, 40_000)
    assert kept.size <= 40_000
    assert 0 < len(kept) < 20
    first = next(number for number in range(20) if kept.find((f"/{number}", "")))
    add(kept, "/another")
    assert kept.find((f"/{first}", ""))
    assert not kept.find((f"/{first + 1}", ""))


def test_what_is_forgotten_takes_no_room() -> None:
    kept = answers(10, 1_000_000, "one", "two")
    kept.change(6, ["two"])
    assert (len(kept), kept.size, kept._by_key) == (0, 0, {})


def test_a_key_drops_all_answers_that_have_it_and_no_others() -> None:
    kept = answers(2, 1_000_000, "both")
    add(kept, "/third", "own", "both")
    add(kept, "/fourth", "other")
    kept.change(6, ["own"])
    assert [path for path, _ in kept._kept] == ["/0", "/1", "/fourth"]
    kept.change(7, ["both"])
    assert [path for path, _ in kept._kept] == ["/fourth"]
    assert kept._by_key == {"other": ("/fourth", "")}


def test_an_answer_that_would_push_out_most_others_is_not_kept() -> None:
    kept = answers(3, 40_000)
    assert not add(kept, "/long", body=b"x" * 20_000)
    assert len(kept) == 3


def test_changes_that_were_forgotten_count_as_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_answers, "MOST_CHANGED_KEYS", 2)
    kept = answers(0, 40_000)
    for sequence in range(6, 10):
        kept.change(sequence, [f"key{sequence}"])
    assert not add(kept, "/read-before-all-of-them")


# How it is put together


def test_other_middleware_before_the_api_refuses_the_memory(settings: Any) -> None:
    handler = WSGIHandler()
    own = "wagtail_delivery.middleware.DeliveryMiddleware"
    settings.MIDDLEWARE = ["django.middleware.security.SecurityMiddleware", own]
    assert isinstance(with_memory(handler), MemoryApplication)
    settings.MIDDLEWARE = ["project.middleware.Gate", own]
    with pytest.raises(ImproperlyConfigured, match=r"pass by project\.middleware\.Gate"):
        with_memory(handler)
    settings.MIDDLEWARE = []
    with pytest.raises(ImproperlyConfigured, match="only with"):
        with_memory(handler)


def test_it_can_be_switched_off(settings: Any) -> None:
    settings.WAGTAIL_DELIVERY = {**settings.WAGTAIL_DELIVERY, "KEPT_ANSWERS_MB": 0}
    handler = WSGIHandler()
    assert with_memory(handler) is handler


def test_health_tells_how_far_it_is_behind(memory: Memory, clock: Clock) -> None:
    asked = Asked(f"{PREFIX}/health/memory")
    assert b'"status":"off"' in memory.ask_plain(asked).body
    memory.follow()
    assert b'"status":"ok"' in memory.ask(asked).body
    clock.pass_by(2)
    found = memory.ask(asked).body
    assert b'"status":"behind"' in found
    assert b'"seconds_behind":2.' in found
    memory.application.follower.is_away = True
    assert b'"status":"away"' in memory.ask(asked).body
