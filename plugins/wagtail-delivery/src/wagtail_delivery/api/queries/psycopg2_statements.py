"""Prepared statements with psycopg2, which prepares nothing itself: PREPARE and EXECUTE in SQL.

A statement is named after its text. If another client of a pooler has prepared one of that name,
it is the same statement.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from wagtail_delivery.api.queries.sql import markers


def execute(
    connection: Any, cursor: Any, sql: str, parameters: Sequence[Any], is_new: bool
) -> None:
    """Execute a prepared query; prepare it in the same round trip if it `is_new`."""
    prefix = f"PREPARE {_name(sql)} AS {_numbered(sql)}; " if is_new else ""
    # SQL has no empty parentheses here.
    values = f" ({markers(parameters)})" if parameters else ""
    cursor.execute(f"{prefix}EXECUTE {_name(sql)}{values}", parameters)


def deallocate(cursor: Any, sql: str) -> None:
    """Let the server forget a prepared query."""
    cursor.execute(f"DEALLOCATE {_name(sql)}")


@lru_cache(maxsize=128)
def _name(sql: str) -> str:
    return f"delivery_{hashlib.blake2b(sql.encode(), digest_size=16).hexdigest()}"


def _numbered(sql: str) -> str:
    """The query with PostgreSQL's own parameter markers instead of psycopg2's."""
    first, *rest = sql.split("%s")
    return first + "".join(f"${number}{part}" for number, part in enumerate(rest, 1))
