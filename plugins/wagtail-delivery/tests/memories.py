"""The memory of answers beside the API without one, asked with the same requests."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.utils import timezone

from tests.wsgi_environ import wsgi_environ
from wagtail_delivery.serving import application as serving
from wagtail_delivery.serving import following, kept_answers
from wagtail_delivery.serving.application import MemoryApplication

PREFIX = "/api/v1"


@dataclass(frozen=True)
class Asked:
    """A request, with exactly these bytes in its path and query (latin-1)."""

    path: str
    query: str = ""
    method: str = "GET"
    #: Further variables of the WSGI environment, such as HTTP_ORIGIN.
    variables: tuple[tuple[str, str], ...] = ()

    def environ(self) -> dict[str, Any]:
        return wsgi_environ(self.path, self.query, self.method, dict(self.variables))


@dataclass(frozen=True)
class Answered:
    """All that a client gets."""

    status: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str:
        return dict(self.headers).get(name, "")


def ask(application: Any, asked: Asked) -> Answered:
    """What a WSGI application answers."""
    started: list[Any] = []

    def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
        started[:] = [status, tuple(headers)]

    # As Django's test client does, keep the database connection of the test.
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    try:
        body = application(asked.environ(), start)
        answered = Answered(started[0], started[1], b"".join(body))
        if hasattr(body, "close"):
            body.close()
    finally:
        request_started.connect(close_old_connections)
        request_finished.connect(close_old_connections)
    return answered


class Memory:
    """A memory that looks into the log when the test says so, and counts what it was asked."""

    def __init__(self, most_bytes: int = 50_000_000) -> None:
        self.plain = WSGIHandler()
        #: How many requests went through Django.
        self.passed = 0
        self.application = MemoryApplication(self._pass, most_bytes)
        self.application.follower.start = lambda: None  # type: ignore[method-assign]
        self._after_response: Callable[[], None] = lambda: None
        self.follow()

    def _pass(self, environ: Any, start: Any) -> Any:
        self.passed += 1
        response = self.plain(environ, start)
        self._after_response()
        return response

    @contextmanager
    def acting_after_a_response(self, act: Callable[[], None]) -> Iterator[None]:
        """Within this block, do something between each response of the API and its keeping."""
        self._after_response = act
        yield
        self._after_response = lambda: None

    @property
    def kept(self) -> Any:
        return self.application.kept

    def forget(self) -> None:
        """Forget all answers, as if others had taken their room."""
        for address in list(self.kept._kept):
            self.kept._drop(address)

    def follow(self) -> None:
        self.application.follower.catch_up()

    def ask(self, asked: Asked) -> Answered:
        return ask(self.application, asked)

    def ask_plain(self, asked: Asked) -> Answered:
        return ask(self.plain, asked)

    def is_kept(self, asked: Asked) -> bool:
        """Whether the answer comes from memory."""
        before = self.passed
        self.ask(asked)
        return self.passed == before

    def assert_current(self) -> None:
        """Whatever is kept is what the API answers now."""
        for asked in list(self.remembered()):
            assert self.ask(asked) == self.ask_plain(asked), asked

    def remembered(self) -> Iterator[Asked]:
        for (path, query), kept in list(self.kept._kept.items()):
            for is_head, is_secure, origin, matches in kept.answers:
                variables = {"HTTP_ORIGIN": origin} if origin else {}
                if matches:
                    variables["HTTP_IF_NONE_MATCH"] = kept.etag
                if is_secure:
                    variables["wsgi.url_scheme"] = "https"
                method = "HEAD" if is_head else "GET"
                yield Asked(path, query, method, tuple(variables.items()))


class Clocks:
    """All the clocks of the API and its memory, which stand still unless a test moves them."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.moment = timezone.now()
        self._seconds = 0.0
        patch.setattr(timezone, "now", lambda: self.moment)
        for module in (serving, kept_answers):
            patch.setattr(module, "time", self)
        for module in (serving, following):
            patch.setattr(module, "monotonic", lambda: self._seconds)

    def time(self) -> float:
        """As `time.time`, by which content expires."""
        return self.moment.timestamp()

    def pass_by(self, seconds: float) -> None:
        self.moment += datetime.timedelta(seconds=seconds)
        self._seconds += seconds
