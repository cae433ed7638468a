"""What the queries of the read side have in common.

They are written in SQL: for one row by its key, Django's ORM takes ten times as long to build the
query as the database takes to answer it. All values are parameters; only the names of tables and
columns are part of the text.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db import InterfaceError, OperationalError, connections, router
from django.utils import timezone

from wagtail_delivery.api.queries.prepared_statements import execute
from wagtail_delivery.models import (
    Change,
    DocumentFilter,
    DocumentOrder,
    FallbackBody,
    FallbackFilter,
    FallbackOrder,
    PublishedDocument,
    Route,
)

DOCUMENTS = PublishedDocument._meta.db_table
ORDERS = DocumentOrder._meta.db_table
FILTERS = DocumentFilter._meta.db_table
FALLBACK_ORDERS = FallbackOrder._meta.db_table
FALLBACK_FILTERS = FallbackFilter._meta.db_table
FALLBACKS = FallbackBody._meta.db_table
ROUTES = Route._meta.db_table
CHANGES = Change._meta.db_table
#: One row, the number of the change log. Part of the statement that reads documents, because two
#: statements may see different states.
SEQUENCE = f"(SELECT COALESCE(MAX(c.sequence), 0) AS sequence FROM {CHANGES} c)"  # noqa: S608


@dataclass
class Reading:
    """What one request reads: a single database, even if a router would alternate between two."""

    alias: str
    #: The number of the change log at its first statement; None before. Later statements see the
    #: same state or a newer one, so the response is never older than it says.
    sequence: int | None = None


_reading: ContextVar[Reading | None] = ContextVar("wagtail_delivery_reading", default=None)


@contextmanager
def reading(name: str | None = None) -> Iterator[Reading]:
    """Read one database within this block, and keep the number that it is read at.

    It is `name`, or the one that the router chooses.
    """
    current = Reading(name or alias())
    token = _reading.set(current)
    try:
        yield current
    finally:
        _reading.reset(token)


def rows_at_sequence(sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    """As `rows`, for a query whose first column is the sequence, in every row.

    The rows are returned without it.
    """
    found = rows(sql, parameters)
    current = _reading.get()
    if current is not None and current.sequence is None:
        current.sequence = found[0][0]
    return [row[1:] for row in found]


def latest_sequence() -> int:
    """The number of the change log in the database that is read."""
    [(sequence,)] = rows(f"SELECT s.sequence FROM {SEQUENCE} s", [])  # noqa: S608
    return int(sequence)


def is_replica() -> bool:
    """Whether the database that is read follows another one, and may lag behind it."""
    if _connection().vendor != "postgresql":
        return False
    [(found,)] = rows("SELECT pg_is_in_recovery()", [])
    return bool(found)


def release() -> None:
    """Close the connection, for a wait. What is read next counts as a reading of its own."""
    current, connection = _reading.get(), _connection()
    if current is not None:
        current.sequence = None
    if not connection.in_atomic_block:
        connection.close()


def alias() -> str:
    """The database that is read."""
    current = _reading.get()
    name: str = current.alias if current else router.db_for_read(PublishedDocument)
    return name


def _connection() -> Any:
    return connections[alias()]


def rows(sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Execute a query on the database that documents are read from, and return its rows.

    Persistent connections skip CONN_HEALTH_CHECKS, which would be a second query. A dead connection
    raises; the query is then retried once.
    """
    connection = _connection()
    was_open = connection.connection is not None
    connection.health_check_done = True
    try:
        return _fetch(connection, sql, parameters)
    except (OperationalError, InterfaceError):
        if not was_open or connection.in_atomic_block or connection.is_usable():
            raise
        connection.close()
        return _fetch(connection, sql, parameters)


def _fetch(connection: Any, sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        execute(connection, cursor, sql, parameters)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def now() -> Any:
    """The current time, as the parameter of `unexpired`."""
    return _connection().ops.adapt_datetimefield_value(timezone.now())


def moment(value: datetime.datetime | str | None) -> datetime.datetime | None:
    """A moment as drivers give it: SQLite's is in UTC without saying so, and a text if computed."""
    if isinstance(value, str):
        value = datetime.datetime.fromisoformat(value)
    if value is None or value.tzinfo is not None:
        return value
    return value.replace(tzinfo=datetime.UTC)


def unexpired(table: str) -> str:
    """The condition that a document has not expired, with `now()` as its parameter."""
    return f"({table}.expires_at IS NULL OR {table}.expires_at > %s)"
