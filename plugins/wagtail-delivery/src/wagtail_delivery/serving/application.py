"""The WSGI application around Django's, which answers from memory what it can.

A kept answer is given before Django makes a request: after a look into a dictionary by path and
query, and no database, middleware or view. It is one that Django gave to a request which differs in
nothing that the API reads.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from time import monotonic
from typing import Any, NamedTuple

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError
from django.http import HttpResponse

from wagtail_delivery.api.answer_facts import FACTS, MEMORY, AnswerFacts
from wagtail_delivery.api.cors import Cors
from wagtail_delivery.api.dispatch import api_prefix
from wagtail_delivery.api.responses import cache_control, matches
from wagtail_delivery.conf import delivery_settings
from wagtail_delivery.metrics.recorder import recorder
from wagtail_delivery.serving.following import BOUND, Follower
from wagtail_delivery.serving.kept_answers import (
    Address,
    Answer,
    Headers,
    Kept,
    KeptAnswers,
    Reading,
    Variant,
    shared_headers,
)

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

SEQUENCE_HEADER = "X-Content-Sequence"
#: Middleware that may stand before ours, as it depends on nothing of a request but HTTPS.
HARMLESS = frozenset({"django.middleware.security.SecurityMiddleware"})
OWN_MIDDLEWARE = "wagtail_delivery.middleware.DeliveryMiddleware"
#: RFC 9111 has no Warning any more, but caches and people may know it from RFC 7234 (5.5).
STALE, FAILED = '110 - "Response is Stale"', '111 - "Revalidation Failed"'


class Found(NamedTuple):
    """A kept answer, and the number of the log that it has at least."""

    kept: Kept
    answer: Answer
    sequence: int


class MemoryApplication:
    """Answers from memory, and else as the application that it wraps."""

    def __init__(self, application: Application, most_bytes: int) -> None:
        self.application = application
        self.kept = KeptAnswers(most_bytes)
        self.follower = Follower(self.kept)
        options = delivery_settings()
        self._cors = Cors(options.CORS_ORIGINS)
        self._settings = options
        self._recorder = recorder()
        #: The header and its value by which a proxy tells of HTTPS.
        self._proxy: tuple[str, str] | None = settings.SECURE_PROXY_SSL_HEADER
        self._prefix: str | None = None
        os.register_at_fork(after_in_child=self.follower.forget_parent)

    def __getattr__(self, name: str) -> Any:
        """What else the wrapped application has, such as what a server asks it for."""
        return getattr(self.application, name)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Respond, as WSGI says."""
        # Before the answer is looked up, so that an answer is never older than it says.
        sequence = self.kept.sequence
        kept = self.kept.find(_address(environ))
        if kept is None:
            return self._ask(environ, start_response)
        if time.time() >= self.kept.next_expiry:
            self.kept.expire()
            return self._ask(environ, start_response)
        answer = kept.answers.get(self._variant(environ, kept.etag))
        if answer is None or environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return self._ask(environ, start_response)
        found = Found(kept, answer, sequence)
        age = monotonic() - self.follower.confirmed_at
        if age <= BOUND:
            return self._answer(found, environ, start_response)
        if self.follower.is_away and age <= self._settings.CACHE_STALE_IF_ERROR:
            return self._answer(found, environ, start_response, age)
        return self._ask(environ, start_response, found)

    def _answer(
        self, found: Found, environ: Environ, start_response: StartResponse, age: float = 0
    ) -> Iterable[bytes]:
        """Respond from memory; `age` is how many seconds ago it was sure to be current."""
        kept, answer, sequence = found
        headers = answer.headers.copy()
        headers[answer.sequence_at] = (SEQUENCE_HEADER, str(max(sequence, kept.sequence)))
        if answer.cache_control_at is not None:
            control = cache_control(self._settings, kept.expires_at)
            headers[answer.cache_control_at] = ("Cache-Control", control)
        if age:
            headers += self._marks(age)
        if self._recorder is not None:
            method = environ["REQUEST_METHOD"]
            self._recorder.request(kept.operation, method, int(answer.status[:3]))
            self._recorder.kept("stale" if age else "fresh")
        start_response(answer.status, headers)
        return answer.body

    def _variant(self, environ: Environ, etag: str) -> Variant:
        wanted = environ.get("HTTP_IF_NONE_MATCH")
        return (
            environ["REQUEST_METHOD"] == "HEAD",
            self._is_secure(environ),
            self._cors.origin_of(environ),
            wanted is not None and (wanted == etag or matches(wanted, etag)),
        )

    def _is_secure(self, environ: Environ) -> bool:
        """As `HttpRequest.is_secure`."""
        if self._proxy is not None:
            told: str | None = environ.get(self._proxy[0])
            if told is not None:
                return told.split(",", 1)[0].strip() == self._proxy[1]
        return bool(environ["wsgi.url_scheme"] == "https")

    def _marks(self, age: float) -> Headers:
        """The headers of an answer while nobody can tell whether it is current."""
        warnings = [("Warning", FAILED)]
        if age > self._settings.CACHE_MAX_AGE:
            warnings.insert(0, ("Warning", STALE))
        return [("Age", str(int(age))), *warnings]

    def _ask(
        self, environ: Environ, start_response: StartResponse, found: Found | None = None
    ) -> Iterable[bytes]:
        """Respond as the wrapped application, and keep what it says of content.

        `found` is an answer that may be too old; it is given if the database does not respond.
        """
        if self._prefix is None:
            self._prefix = api_prefix()
        if not (
            self._prefix
            and environ.get("PATH_INFO", "").startswith(self._prefix)
            and environ["REQUEST_METHOD"] in ("GET", "HEAD")
        ):
            return self.application(environ, start_response)
        self.follower.start()
        facts = AnswerFacts()
        environ[FACTS], environ[MEMORY] = facts, self
        generation, began_at = self.kept.generation, time.time()
        started: list[Any] = []

        def start(status: str, headers: Headers, exc_info: Any = None) -> Any:
            started[:] = [status, headers]
            return start_response(status, headers, exc_info) if exc_info else None

        response = self.application(environ, start)
        if facts.database_failed and found is not None:
            age = monotonic() - self.follower.confirmed_at
            if age <= self._settings.CACHE_STALE_IF_ERROR and time.time() < self.kept.next_expiry:
                if isinstance(response, HttpResponse):
                    response.close()
                return self._answer(found, environ, start_response, age)
        status, headers = started
        if facts.sequence is not None and isinstance(response, HttpResponse):
            reading = Reading(facts.sequence, began_at, generation)
            self._keep(environ, facts, reading, status, headers, response)
            if self._recorder is not None:
                self._recorder.kept("missing" if found is None else "unconfirmed")
        start_response(status, headers)
        return response

    def _keep(
        self,
        environ: Environ,
        facts: AnswerFacts,
        reading: Reading,
        status: str,
        headers: Headers,
        response: HttpResponse,
    ) -> None:
        """Keep a response, if that is allowed."""
        found = dict(headers)
        keys = tuple(dict.fromkeys(found.get("Surrogate-Key", "").split()))
        if response.status_code not in (200, 304) or not keys or "ETag" not in found:
            return
        if "no-store" in found.get("Cache-Control", ""):
            return
        if reading.sequence > self.kept.sequence:
            try:
                # Read before the follower has: it may be that what changed in between concerns it.
                self.follower.catch_up()
            except DatabaseError:
                return
        names = [name for name, _value in headers]
        sequence_at = names.index(SEQUENCE_HEADER)
        # Each answer gets the number of its own moment (`_answer`).
        own_headers = headers.copy()
        own_headers[sequence_at] = (SEQUENCE_HEADER, "")
        answer = Answer(
            status,
            shared_headers(own_headers),
            [response.content] if response.content else [],
            sequence_at,
            names.index("Cache-Control") if facts.expires_at is not None else None,
        )
        kept = Kept(
            _address(environ),
            found["ETag"],
            facts.operation,
            keys,
            reading.sequence,
            facts.expires_at,
        )
        self.kept.keep(kept, self._variant(environ, kept.etag), answer, reading)

    # As `api.answer_facts.MemoryState`

    def seconds_behind(self) -> float | None:
        """Since when the memory may not have a change; None if it has never read the log."""
        confirmed_at = self.follower.confirmed_at
        return None if confirmed_at == float("-inf") else monotonic() - confirmed_at

    def number(self) -> int:
        """The number of the last change that it has."""
        return self.kept.sequence

    def bytes_kept(self) -> int:
        """How much it holds."""
        return self.kept.size

    def is_fresh(self) -> bool:
        """Whether answers are given from it now as current ones."""
        return monotonic() - self.follower.confirmed_at <= BOUND

    def is_away(self) -> bool:
        """Whether the database does not answer, so that answers are marked as stale."""
        return self.follower.is_away


def _address(environ: Environ) -> Address:
    return environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", "")


def with_memory(application: Application) -> Application:
    """`application` with the memory of answers around it, unless it is switched off.

    Raises ImproperlyConfigured if other middleware stands before the delivery API's: it would not
    see a request that is answered from memory.
    """
    most = delivery_settings().KEPT_ANSWERS_MB
    if not most:
        return application
    middleware = list(settings.MIDDLEWARE)
    if OWN_MIDDLEWARE not in middleware:
        raise ImproperlyConfigured(f"Answers are kept only with {OWN_MIDDLEWARE}.")
    before = set(middleware[: middleware.index(OWN_MIDDLEWARE)]) - HARMLESS
    if before:
        raise ImproperlyConfigured(
            f"Answers from memory would pass by {', '.join(sorted(before))}: put {OWN_MIDDLEWARE} "
            "before it, or set KEPT_ANSWERS_MB to 0."
        )
    return MemoryApplication(application, most * 1024 * 1024)
