"""Prepared statements with psycopg 3: its own, which it names, prepares and deallocates itself.

Django leaves them off for the sake of poolers (`prepare_threshold` None), and by default binds
parameters in the client, where psycopg 3 never prepares. Only the queries of this API are executed
otherwise; the project's own queries on the same connection are not affected.

psycopg 3 numbers its statements. A pooler that does not keep track of them could therefore execute
another client's statement of the same number, and give its rows. So statements are prepared only
on a direct connection, unless the project sets `prepare_threshold` in the database's OPTIONS.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from types import SimpleNamespace
from typing import Any

from django.db import NotSupportedError

OPTION = "prepare_threshold"


def allowed_by(options: Mapping[str, Any]) -> bool:
    """Whether the OPTIONS of a database allow it: the project can set the threshold to None."""
    return OPTION not in options or options[OPTION] is not None


def execute(
    connection: Any, cursor: Any, sql: str, parameters: Sequence[Any], is_new: bool
) -> None:
    """Execute a query with a cursor that binds parameters on the server, and prepare it.

    `cursor` then has the rows. Raises NotSupportedError if a pooler is in between.
    """
    if is_new and OPTION not in connection.settings_dict["OPTIONS"]:
        _require_direct(connection)
    psycopg = connection.connection
    threshold, unprepared = psycopg.prepare_threshold, cursor.cursor
    psycopg.prepare_threshold = 0
    cursor.cursor = _cursor_class()(psycopg)
    try:
        cursor.execute(sql, parameters)
    except BaseException:
        cursor.cursor = unprepared
        raise
    finally:
        psycopg.prepare_threshold = threshold


def deallocate(cursor: Any, sql: str) -> None:
    """Nothing to do: psycopg 3 deallocates the statements beyond its own `prepared_max`."""


@cache
def _cursor_class() -> Any:
    """Made when it is needed: without psycopg 3, its parent cannot be imported."""
    from django.db.backends.postgresql import base

    class PreparedCursor(base.ServerBindingCursor):
        def execute(self, query: str, *args: Any, **kwargs: Any) -> Any:
            result = super().execute(query, *args, **kwargs)  # type: ignore[misc]
            # Django's query log reads this; psycopg leaves it empty if the query was prepared.
            self._query = SimpleNamespace(query=query.encode())
            return result

    return PreparedCursor


def _require_direct(connection: Any) -> None:
    """Poolers give their clients process ids of their own, not that of the server's process."""
    psycopg = connection.connection
    with connection.wrap_database_errors:
        (pid,) = psycopg.execute("SELECT pg_backend_pid()").fetchone()
    if pid != psycopg.info.backend_pid:
        raise NotSupportedError("A pooler is between this client and the server.")
