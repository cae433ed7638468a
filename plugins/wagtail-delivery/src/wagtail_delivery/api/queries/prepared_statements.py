"""Queries that PostgreSQL plans once per connection instead of each time.

For one document by its id, parsing and planning the query takes the server longer than answering
it. A query that a connection repeats is therefore prepared, with either driver: see
`psycopg2_statements` and `psycopg3_statements`. Without preparation the queries are the same, so
SQLite and unprepared connections need nothing else.

Behind a pooler that spreads a client's queries over several servers, statements get lost. If a
prepared query fails, the query is executed unprepared, and its connection prepares no more.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

from django.db import DatabaseError

from wagtail_delivery.api.queries import psycopg2_statements, psycopg3_statements

#: A query is prepared on its nth execution on a connection.
PREPARE_THRESHOLD = 5
#: Queries that a connection keeps count of; the least recently used one is forgotten.
PREPARED_MAX = 100

#: For each connection to a server, its executions per query; None if it cannot prepare.
_uses: WeakKeyDictionary[Any, OrderedDict[str, int] | None] = WeakKeyDictionary()


def execute(connection: Any, cursor: Any, sql: str, parameters: Sequence[Any]) -> None:
    """Execute a query on `cursor`, as a prepared statement if the connection repeats it.

    Nothing is prepared within a transaction: a statement that fails would abort it.
    """
    uses = _uses_of(connection)
    if uses is not None:
        uses[sql] = uses.pop(sql, 0) + 1
        driver = _driver(connection)
        try:
            _limit(uses, driver, cursor)
            if uses[sql] >= PREPARE_THRESHOLD:
                is_new = uses[sql] == PREPARE_THRESHOLD
                driver.execute(connection, cursor, sql, parameters, is_new)
                return
        except DatabaseError:
            if connection.connection.closed:
                raise
            _uses[connection.connection] = None
    cursor.execute(sql, parameters)


def can_prepare(connection: Any) -> bool:
    """Whether a connection may prepare statements now."""
    return (
        connection.vendor == "postgresql"
        and not connection.in_atomic_block
        and connection.get_autocommit()
        # Django's setting for connections that go through a pooler of transactions.
        and not connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS")
        and psycopg3_statements.allowed_by(connection.settings_dict.get("OPTIONS", {}))
    )


def _uses_of(connection: Any) -> OrderedDict[str, int] | None:
    if not can_prepare(connection):
        return None
    if connection.connection not in _uses:
        _stop_compiling(connection)
    return _uses.setdefault(connection.connection, OrderedDict())


def _stop_compiling(connection: Any) -> None:
    """Keep PostgreSQL from compiling the queries of a connection to machine code.

    It does that where it expects much work, each time a statement is executed. For a list with two
    filters and a fallback that takes 150 ms, and the list 2 ms.
    """
    # Not a query of the project's: Django neither logs nor counts it.
    with connection.wrap_database_errors, connection.connection.cursor() as cursor:
        cursor.execute("SET jit = off")


def _driver(connection: Any) -> Any:
    """The module for the driver that Django has connected with."""
    is_psycopg2 = connection.Database.__name__ == "psycopg2"
    return psycopg2_statements if is_psycopg2 else psycopg3_statements


def _limit(uses: OrderedDict[str, int], driver: Any, cursor: Any) -> None:
    if len(uses) > PREPARED_MAX:
        oldest, count = uses.popitem(last=False)
        if count >= PREPARE_THRESHOLD:
            driver.deallocate(cursor, oldest)
