"""What the queries of the read side have in common.

They are written in SQL: for one row by its key, Django's ORM takes ten times as long to build the
query as the database takes to answer it. All values are parameters; only the names of tables and
columns are part of the text.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import InterfaceError, OperationalError, connections, router
from django.utils import timezone

from wagtail_delivery.api.queries.prepared_statements import execute
from wagtail_delivery.models import DocumentKey, FallbackBody, PublishedDocument, Route

DOCUMENTS = PublishedDocument._meta.db_table
KEYS = DocumentKey._meta.db_table
FALLBACKS = FallbackBody._meta.db_table
ROUTES = Route._meta.db_table


def rows(sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Execute a query on the database that documents are read from, and return its rows.

    Persistent connections skip CONN_HEALTH_CHECKS, which would be a second query. A dead connection
    raises; the query is then retried once.
    """
    connection: Any = connections[router.db_for_read(PublishedDocument)]
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
    operations = connections[router.db_for_read(PublishedDocument)].ops
    return operations.adapt_datetimefield_value(timezone.now())


def unexpired(table: str) -> str:
    """The condition that a document has not expired, with `now()` as its parameter."""
    return f"({table}.expires_at IS NULL OR {table}.expires_at > %s)"
