"""Persistent connections to PostgreSQL: used without a health check, and replaced if dead."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import OperationalError, connection, connections, transaction

from tests.api.stored import put
from wagtail_delivery.api.queries import connection as queries

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no server"),
]


@pytest.fixture(autouse=True)
def _kept_connection() -> Iterator[None]:
    put("authors", "author", "1", slug="one")
    enabled, connection.health_check_enabled = connection.health_check_enabled, True
    connection.health_check_done = False
    yield
    connection.close()
    connection.health_check_enabled = enabled


def kill() -> None:
    """Terminate the connection on the server, as a restart of the database does."""
    pid = connection.connection.info.backend_pid
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    other.close()


def test_a_dead_connection_is_replaced(any_get: Any) -> None:
    before = connection.connection
    kill()
    response = any_get("/authors/one?locale=ms")
    assert response.status_code == 200
    assert connection.connection is not before


def test_a_request_runs_no_health_check(any_get: Any, monkeypatch: Any) -> None:
    """Django's query log omits health checks."""
    asked: list[str] = []
    monkeypatch.setattr(
        type(connections["default"]), "is_usable", lambda self: bool(asked.append("alive"))
    )
    assert any_get("/authors/one?locale=ms").status_code == 200
    assert asked == []


def test_a_query_in_a_transaction_is_not_retried(monkeypatch: Any) -> None:
    """The dead connection has rolled back the rest of the transaction."""
    asked: list[str] = []

    def fail(_connection: Any, sql: str, _parameters: Any) -> None:
        asked.append(sql)
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(queries, "_fetch", fail)
    monkeypatch.setattr(type(connections["default"]), "is_usable", lambda _connection: False)
    with transaction.atomic(), pytest.raises(OperationalError):
        queries.rows("SELECT 1", [])
    assert asked == ["SELECT 1"]
