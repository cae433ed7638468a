"""Queries that PostgreSQL plans once for a connection instead of each time.

For one document by its id, reading and planning the query takes it longer than answering. psycopg2
prepares nothing by itself, so what a connection asks again and again is prepared here in SQL; the
threshold and the bound are those that psycopg 3 has.

Behind a pooler that hands a connection's queries to several servers, statements get lost. A query
that fails is therefore put again as it is, and its connection prepares no more. A statement's name
is made of its text: one of that name that someone else has prepared is the same.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

from django.db import DatabaseError

from wagtail_delivery.api.queries.sql import markers

#: A query is prepared when it is put for this time.
PREPARE_THRESHOLD = 5
#: Statements that a connection keeps at most; the one that was not used for longest makes room.
PREPARED_MAX = 100

#: For each connection to a server how often it was asked what; None where it cannot prepare.
_uses: WeakKeyDictionary[Any, OrderedDict[str, int] | None] = WeakKeyDictionary()


def execute(connection: Any, cursor: Any, sql: str, parameters: Sequence[Any]) -> None:
    """Put a query, as a prepared statement where that is worth it.

    Within transactions nothing is prepared: a query that fails would fail all of it.
    """
    uses = _uses_of(connection)
    if uses is None:
        cursor.execute(sql, parameters)
        return
    prefix = ""
    uses[sql] = uses.pop(sql, 0) + 1
    if len(uses) > PREPARED_MAX:
        oldest, count = uses.popitem(last=False)
        if count >= PREPARE_THRESHOLD:
            prefix = f"DEALLOCATE {_name(oldest)}; "
    if uses[sql] < PREPARE_THRESHOLD:
        cursor.execute(prefix + sql, parameters)
        return
    if uses[sql] == PREPARE_THRESHOLD:
        prefix += f"PREPARE {_name(sql)} AS {_numbered(sql)}; "
    try:
        cursor.execute(f"{prefix}EXECUTE {_name(sql)} ({markers(parameters)})", parameters)
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
        # What Django has projects say whose connections go through such a pooler.
        and not connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS")
    )


def _uses_of(connection: Any) -> OrderedDict[str, int] | None:
    return (
        _uses.setdefault(connection.connection, OrderedDict()) if can_prepare(connection) else None
    )


@lru_cache(maxsize=PREPARED_MAX)
def _name(sql: str) -> str:
    return f"delivery_{hashlib.blake2b(sql.encode(), digest_size=16).hexdigest()}"


def _numbered(sql: str) -> str:
    """The query with PostgreSQL's own places for parameters instead of psycopg2's."""
    first, *rest = sql.split("%s")
    return first + "".join(f"${number}{part}" for number, part in enumerate(rest, 1))
