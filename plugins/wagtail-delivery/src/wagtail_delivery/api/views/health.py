"""Health checks: whether this process responds, can serve content, and what is not up to date."""

from __future__ import annotations

import logging
import pkgutil
from datetime import timedelta
from functools import lru_cache
from importlib import import_module
from typing import Literal

from django.db import DatabaseError
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from pydantic import Field

from wagtail_delivery.api.answer_facts import memory_of
from wagtail_delivery.api.problems import unavailable
from wagtail_delivery.api.queries import connection as queries
from wagtail_delivery.api.queries.queue import queue_state
from wagtail_delivery.api.responses import JSON
from wagtail_delivery.encoding.base import Schema
from wagtail_delivery.identifiers import SIGN_VALID
from wagtail_delivery.json_bytes import to_json

logger = logging.getLogger(__name__)
APP_LABEL = "wagtail_delivery"
#: A document that waits for longer makes the queue "behind".
LONGEST_WAIT = timedelta(minutes=5)


class HealthStatus(Schema):
    """The check passed."""

    status: Literal["ok"] = Field(
        description="Always `ok`; a failed check responds with a problem."
    )


class QueueHealth(Schema):
    """The documents that show something that changed and are not up to date yet."""

    status: Literal["ok", "behind", "failing"] = Field(
        description=(
            "`ok`: nothing waits for long. `behind`: a document has waited for more than five "
            "minutes. `failing`: some documents cannot be compiled; the admin's report names them."
        )
    )
    waiting: int = Field(description="Documents that follow, without those that failed.", ge=0)
    oldest_seconds: int | None = Field(
        description="For how long the first of them has waited; null if none does.", ge=0
    )
    failed: int = Field(description="Documents that could not be compiled at the last try.", ge=0)
    worker: bool = Field(
        description=(
            "Whether a worker has signed lately. Without one, the server that publishes compiles "
            "what follows itself."
        )
    )


class MemoryHealth(Schema):
    """The answers that the process that responds keeps in memory."""

    status: Literal["ok", "behind", "away", "off"] = Field(
        description=(
            "`ok`: they are as new as the change log. `behind`: that is not known at the moment, "
            "so none is given. `away`: the database does not respond, so they are given as stale. "
            "`off`: none are kept."
        )
    )
    sequence: int | None = Field(
        description="Number of the last change that they have; null if none are kept.",
        json_schema_extra={"format": "int64"},
    )
    seconds_behind: float | None = Field(
        description=(
            "Seconds since they were last known to have every change; null before the first time."
        ),
        ge=0,
    )
    bytes: int = Field(description="Bytes that they take.", ge=0)


def check_live(request: HttpRequest) -> HttpResponse:
    """Whether the process responds; no query, because a restart would not cure the database."""
    return _passed()


def check_ready(request: HttpRequest) -> HttpResponse:
    """Whether the database responds and all migrations of this app are applied."""
    try:
        missing = needed_migrations() - _applied_migrations()
    except DatabaseError as error:
        logger.warning("The database does not respond.", exc_info=True)
        raise unavailable("The database does not respond.") from error
    if missing:
        raise unavailable("The database has unapplied migrations.")
    return _passed()


def check_queue(request: HttpRequest) -> HttpResponse:
    """How many documents follow, and how many failed.

    Never a reason to take a server out of rotation: what it serves is public, if not the newest.
    """
    try:
        state = queue_state()
    except DatabaseError as error:
        logger.warning("The database does not respond.", exc_info=True)
        raise unavailable("The database does not respond.") from error
    now = timezone.now()
    age = now - state.oldest if state.oldest else None
    is_behind = age is not None and age > LONGEST_WAIT
    health = QueueHealth(
        status="failing" if state.failed else "behind" if is_behind else "ok",
        waiting=state.waiting,
        oldest_seconds=None if age is None else max(int(age.total_seconds()), 0),
        failed=state.failed,
        worker=state.seen_at is not None and state.seen_at > now - SIGN_VALID,
    )
    return _response(health)


def check_memory(request: HttpRequest) -> HttpResponse:
    """How far the answers in memory are behind the change log; no query."""
    memory = memory_of(request)
    if memory is None:
        return _response(MemoryHealth(status="off", sequence=None, seconds_behind=None, bytes=0))
    behind = memory.seconds_behind()
    is_known = memory.is_fresh()
    return _response(
        MemoryHealth(
            status="ok" if is_known else "away" if memory.is_away() else "behind",
            sequence=None if behind is None else memory.number(),
            seconds_behind=None if behind is None else round(behind, 3),
            bytes=memory.bytes_kept(),
        )
    )


@lru_cache(maxsize=1)
def needed_migrations() -> frozenset[str]:
    """The names of this app's migrations; none if the project has disabled them."""
    module_name, _ = MigrationLoader.migrations_module(APP_LABEL)
    if module_name is None:
        return frozenset()
    paths = import_module(module_name).__path__
    return frozenset(
        module.name for module in pkgutil.iter_modules(paths) if module.name[0] not in "_~"
    )


def _applied_migrations() -> set[str]:
    found = queries.rows("SELECT name FROM django_migrations WHERE app = %s", [APP_LABEL])
    return {name for (name,) in found}


def _passed() -> HttpResponse:
    return _response(HealthStatus(status="ok"))


def _response(health: Schema) -> HttpResponse:
    body = to_json(health.model_dump())
    return HttpResponse(body, headers={"Content-Type": JSON, "Cache-Control": "no-store"})
