"""After any edits and for any request, the memory answers as the API without it."""

from __future__ import annotations

import datetime
import math
import os
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings as project
from django.core.cache import cache
from django.db import transaction
from django.test import override_settings
from hypothesis import HealthCheck, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)
from wagtail.models import Locale, Page, Site

from tests.http_caches import addresses_by_kind
from tests.memories import PREFIX, Answered, Asked, Clocks, Memory
from tests.memory_requests import ALLOWED_ORIGINS, Spelling, plain_spellings, spellings
from tests.test_random_edits import EDITS, Editors
from wagtail_delivery.api import waiting
from wagtail_delivery.publishing.scheduled import publish_due

pytestmark = [pytest.mark.django_db, pytest.mark.no_cover, pytest.mark.slow]

NIGHTLY = os.environ.get("NIGHTLY") == "1"
#: MEMORY_EXAMPLES=500 searches longer. A failure prints how to reproduce it.
EXAMPLES = int(os.environ.get("MEMORY_EXAMPLES") or (60 if NIGHTLY else 5))
STEPS = 40 if NIGHTLY else 20
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware", *project.MIDDLEWARE]
#: What all addresses of content do not include.
MORE_ADDRESSES = ["/", "/changes", "/openapi.json", "/health/live", "/health/ready", "/nothing", ""]
LARGE, SMALL = 50_000_000, 60_000

#: What most edits of pages change, and they may be in the middle of it.
PAGES = [Asked(f"{PREFIX}/pages"), Asked(f"{PREFIX}/pages", "order=-title&limit=2")]
#: So that each search has them.
EACH_STATUS = [
    replace(PAGES[0], variables=(("HTTP_IF_NONE_MATCH", "*"),)),
    replace(PAGES[0], query="colour=red"),
    replace(PAGES[0], path=f"{PREFIX}/nothing"),
    replace(PAGES[0], method="POST"),
]
EDITS_OF_PAGES = [
    *(Editors.add_page, Editors.edit_page, Editors.publish_page, Editors.unpublish_page),
    *(Editors.change_slug, Editors.order_pages, Editors.delete_page, Editors.restrict_page),
]

requests = st.lists(st.one_of(plain_spellings, spellings), min_size=3, max_size=12)
edits = st.sampled_from(EDITS)
seeds = st.integers(min_value=0, max_value=2**32)


class ServerMachine(RuleBasedStateMachine):
    """Editors and clients of one server that keeps answers, with clocks of its own."""

    def __init__(self, home: Page, tally: Counter[str]) -> None:
        super().__init__()
        self.home, self.tally = home, tally
        self.stack = ExitStack()
        block = transaction.atomic()
        # Callbacks on commit do not wait for the end of this block.
        block._from_testcase = True  # type: ignore[attr-defined]
        self.stack.enter_context(block)
        self.stack.callback(transaction.set_rollback, True)
        # Of rows that were rolled back.
        cache.clear()
        patch = self.stack.enter_context(pytest.MonkeyPatch.context())
        self.clocks = Clocks(patch)
        # No request waits.
        patch.setattr(waiting, "FLOOR_TIMEOUT", 0)

    def teardown(self) -> None:
        self.stack.close()

    @initialize(
        origins=st.sampled_from([ALLOWED_ORIGINS, ["*"], []]),
        most_bytes=st.sampled_from([LARGE, LARGE, SMALL]),
    )
    def start_server(self, origins: list[str], most_bytes: int) -> None:
        options = {**project.WAGTAIL_DELIVERY, "CORS_ORIGINS": origins}
        self.stack.enter_context(override_settings(WAGTAIL_DELIVERY=options))
        self.editors = Editors(0, self.home)
        # Above the numbers of the initial content.
        self.editors.number = 1000
        self.stack.enter_context(self.editors.receiving())
        self.memory = Memory(most_bytes)
        self.compare(*PAGES, *EACH_STATUS)

    # Editors

    @rule(act=edits, seed=seeds)
    def edit(self, act: Any, seed: int) -> None:
        self.editors.random.seed(seed)
        act(self.editors)
        self.clocks.pass_by(0.001)
        self.memory.follow()
        self.memory.assert_current()

    @rule(number=seeds, seconds=st.sampled_from([1, 60, 86_400]))
    def let_a_page_expire(self, number: int, seconds: int) -> None:
        """Its time will come by the clock, before anybody withdraws it."""
        self.editors.random.seed(number)
        if page := self.editors.page():
            page.expire_at = self.clocks.moment + datetime.timedelta(seconds=seconds)
            page.save_revision().publish()
            self.memory.follow()
            self.compare(Asked(f"{PREFIX}/pages/{page.translation_key}"), *PAGES)

    @rule(
        before=requests,
        seconds=st.sampled_from([-0.001, 0, 0.001, 0.5, 30]),
        is_withdrawn=st.booleans(),
    )
    def pass_time_until_something_expires(
        self, before: list[Spelling], seconds: float, is_withdrawn: bool
    ) -> None:
        """`seconds` is how long after it; nothing withdraws it at first, or ever."""
        asked = self.asked(before)
        self.compare(*asked)
        left = self.seconds_left()
        self.clocks.pass_by(left / 2)
        self.memory.follow()
        self.memory.assert_current()
        self.clocks.pass_by(max(0, left / 2 + seconds))
        self.memory.follow()
        self.compare(*asked)
        if is_withdrawn:
            while publish_due():
                pass
            self.memory.follow()
        self.memory.assert_current()

    def seconds_left(self) -> float:
        """The time until something expires; 0 if nothing does."""
        expiry: float = self.memory.kept.next_expiry
        return expiry - self.clocks.time() if expiry < math.inf else 0

    # Clients

    @rule(spelled=requests)
    def ask(self, spelled: list[Spelling]) -> None:
        self.compare(*self.asked(spelled))

    @rule(spelled=requests)
    def ask_while_the_log_is_silent(self, spelled: list[Spelling]) -> None:
        asked = self.asked(spelled)
        self.compare(*asked)
        self.clocks.pass_by(0.3)
        for one in asked:
            assert not self.memory.is_kept(one), one
            assert self.memory.ask(one) == self.memory.ask_plain(one), one
        self.memory.follow()

    @rule(spelled=requests, act=edits, seed=seeds)
    def ask_before_the_memory_has_followed(
        self, spelled: list[Spelling], act: Any, seed: int
    ) -> None:
        """An answer is that of the number that it has, and so it may be an old one."""
        asked = self.asked(spelled)
        before = self.compare(*asked)
        self.editors.random.seed(seed)
        act(self.editors)
        for one, old in zip(asked, before, strict=True):
            found, now = self.memory.ask(one), self.memory.ask_plain(one)
            is_old = found == old and number_of(found) < number_of(now)
            assert found == now or is_old or number_of(now) == 0, one
        self.memory.follow()
        self.memory.assert_current()

    @rule(
        asked=st.sampled_from(PAGES),
        act=st.sampled_from(EDITS_OF_PAGES),
        seed=seeds,
        is_first=st.booleans(),
    )
    def edit_while_the_api_responds(
        self, asked: Asked, act: Any, seed: int, is_first: bool
    ) -> None:
        """`is_first`: the memory has the change before it is given the answer."""

        def edit() -> None:
            self.editors.random.seed(seed)
            act(self.editors)
            if is_first:
                self.memory.follow()

        self.respond_and_then(edit, asked)

    @rule(asked=st.sampled_from(PAGES))
    def let_something_expire_while_the_api_responds(self, asked: Asked) -> None:
        self.respond_and_then(lambda: self.clocks.pass_by(self.seconds_left()), asked)

    def respond_and_then(self, act: Callable[[], None], asked: Asked) -> None:
        """The API responds, and before the memory has the answer, something happens."""
        self.memory.forget()
        old = self.memory.ask_plain(asked)
        with self.memory.acting_after_a_response(act):
            assert self.memory.ask(asked) == old, asked
        self.memory.follow()
        self.memory.assert_current()
        self.compare(asked)

    # What both ways say

    def asked(self, spelled: list[Spelling]) -> list[Asked]:
        addresses = [*addresses_by_kind(), MORE_ADDRESSES]
        return [one.asked(addresses, self.memory) for one in spelled]

    def compare(self, *asked: Asked) -> list[Answered]:
        """Ask twice each, the second time for what was kept; returns what the API says."""
        return [self._compare(one) for one in asked]

    def _compare(self, asked: Asked) -> Answered:
        plain = self.memory.ask_plain(asked)
        note(f"{plain.status} for {asked}")
        for _ in range(2):
            before = self.memory.passed
            found = self.memory.ask(asked)
            assert found == plain, asked
        is_given = self.memory.passed == before
        if is_given:
            assert may_be_kept(asked, plain), asked
        elif self.memory.kept.most_bytes == LARGE and may_be_kept(asked, plain):
            # What is read at the moment of an expiry may be older than it.
            assert self.memory.kept._expired_at == self.clocks.time(), asked
        self.tally["asked"] += 1
        self.tally["given"] += is_given
        self.tally[plain.status[:3]] += 1
        return plain


def number_of(answered: Answered) -> int:
    """The number of the change log that an answer has; 0 without one."""
    return int(answered.header("X-Content-Sequence") or 0)


def may_be_kept(asked: Asked, answered: Answered) -> bool:
    """Content alone, and not what is at an address where nothing is."""
    return (
        asked.method in ("GET", "HEAD")
        and answered.status[:3] in ("200", "304")
        and bool(answered.header("Surrogate-Key"))
    )


def test_the_memory_answers_as_the_api(home: Page, second_site: Site, settings: Any) -> None:
    settings.MIDDLEWARE = MIDDLEWARE
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SECURE_HSTS_SECONDS = 60
    tally: Counter[str] = Counter()
    if settings.WAGTAIL_I18N_ENABLED:
        Locale.objects.get_or_create(language_code="ms")
    Editors(7, home).add_content()
    search(home, tally)
    print(tally)
    # Otherwise the memory would be equal by never answering.
    assert tally["given"] > tally["asked"] / 5
    assert {"200", "304", "400", "404", "405"} < tally.keys()


def search(home: Page, tally: Counter[str]) -> None:
    run_state_machine_as_test(
        lambda: ServerMachine(home, tally),
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
