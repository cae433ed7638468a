"""Prepared statements on PostgreSQL with either driver: an optimisation, never required."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from tests.api.stored import put
from wagtail_delivery.api.queries import connection as queries
from wagtail_delivery.api.queries import prepared_statements, psycopg3_statements
from wagtail_delivery.api.queries.prepared_statements import can_prepare

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite plans in no time"),
]

IS_PSYCOPG3 = connection.Database.__name__ == "psycopg"


@pytest.fixture(autouse=True)
def _as_in_production(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    # Each test has a new connection without prepared statements, and closes it.
    connection.close()
    monkeypatch.setattr(prepared_statements, "can_prepare", can_prepare)
    monkeypatch.setattr(prepared_statements, "PREPARE_THRESHOLD", 3)
    put("authors", "author", "1", slug="one")
    yield
    connection.close()


def prepared() -> list[str]:
    """The names of the statements prepared on this connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_prepared_statements ORDER BY prepare_time")
        return [name for (name,) in cursor.fetchall()]


def execute_unseen(command: str) -> None:
    """Execute a command that psycopg 3 does not see, as a pooler's other client would."""
    if IS_PSYCOPG3:
        connection.connection.pgconn.exec_(command.encode())
    else:
        connection.connection.cursor().execute(command)


def ask(get: Any, times: int) -> None:
    for _ in range(times):
        response = get("/authors/one?locale=ms")
        assert response.status_code == 200
        assert response.json()["id"] == "1"


def test_a_frequent_query_is_prepared_once(any_get: Any) -> None:
    ask(any_get, 2)
    assert prepared() == []
    ask(any_get, 3)
    assert len(prepared()) == 1
    assert any_get("/authors/two?locale=ms").status_code == 404
    assert len(prepared()) == 1


def test_a_new_connection_prepares_its_own_statements(get: Any) -> None:
    ask(get, 4)
    connection.close()
    ask(get, 2)
    assert prepared() == []
    ask(get, 1)
    assert len(prepared()) == 1


def test_a_lost_statement_is_no_error(get: Any) -> None:
    """As behind a pooler that switches to another server connection."""
    ask(get, 4)
    assert len(prepared()) == 1
    execute_unseen("DEALLOCATE ALL")
    ask(get, 6)
    assert prepared() == []


def test_an_existing_statement_is_no_error(get: Any) -> None:
    """As behind a pooler whose server connection prepared it for another client."""
    if IS_PSYCOPG3:
        execute_unseen("PREPARE _pg3_0 AS SELECT 1")
    else:
        ask(get, 3)
        prepared_statements._uses.clear()
    ask(get, 6)
    assert len(prepared()) == 1


def test_an_invalidated_statement_is_no_error(get: Any) -> None:
    """As after a migration of a table that this connection has read."""
    ask(get, 4)
    assert len(prepared()) == 1
    table = queries.DOCUMENTS
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} ALTER COLUMN etag TYPE varchar(33)")
    try:
        ask(get, 2)
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {table} ALTER COLUMN etag TYPE varchar(32)")


def test_an_invalid_query_raises_its_own_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared_statements, "PREPARE_THRESHOLD", 1)
    with pytest.raises(DatabaseError, match="nothing"):
        queries.rows("SELECT nothing WHERE %s = 1", [1])


def test_nothing_is_prepared_in_a_transaction(get: Any) -> None:
    with transaction.atomic():
        ask(get, 6)
        assert prepared() == []


def test_a_setting_disables_preparing_for_poolers(get: Any) -> None:
    connection.settings_dict["DISABLE_SERVER_SIDE_CURSORS"] = True
    try:
        ask(get, 6)
    finally:
        connection.settings_dict["DISABLE_SERVER_SIDE_CURSORS"] = False
    assert prepared() == []


@pytest.mark.skipif("IS_PSYCOPG3", reason="psycopg 3 has a limit of its own")
def test_the_number_of_statements_per_connection_is_limited(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(prepared_statements, "PREPARED_MAX", 4)
    for round_ in range(3):
        for number in range(8):
            for _ in range(3):
                found = queries.rows(f"SELECT %s::int + {number}", [round_])
                assert found == [(round_ + number,)]
    assert len(prepared()) == 4


@pytest.fixture
def _only_psycopg3() -> None:
    if not IS_PSYCOPG3:
        pytest.skip("psycopg2 names statements after their text, so a pooler cannot confuse them")


@pytest.fixture
def _pooler(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection through a pooler, which reports process ids of its own."""
    with connection.cursor():
        info = type(connection.connection.info)
    monkeypatch.setattr(info, "backend_pid", 1)


@pytest.mark.usefixtures("_only_psycopg3", "_pooler")
def test_psycopg3_prepares_nothing_behind_a_pooler(get: Any) -> None:
    """It could execute another client's statement with the same number."""
    ask(get, 6)
    assert prepared() == []


@pytest.mark.usefixtures("_only_psycopg3", "_pooler")
@pytest.mark.parametrize(("threshold", "count"), [(5, 1), (None, 0)])
def test_the_projects_prepare_threshold_is_respected(
    get: Any, monkeypatch: pytest.MonkeyPatch, threshold: int | None, count: int
) -> None:
    options = {**connection.settings_dict["OPTIONS"], psycopg3_statements.OPTION: threshold}
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", options)
    ask(get, 6)
    assert len(prepared()) == count


@pytest.mark.usefixtures("_only_psycopg3")
def test_the_projects_own_queries_are_unchanged(get: Any) -> None:
    ask(get, 6)
    assert connection.connection.prepare_threshold is None
    with connection.cursor() as cursor:
        assert cursor.cursor.__class__.__name__ == "Cursor"
