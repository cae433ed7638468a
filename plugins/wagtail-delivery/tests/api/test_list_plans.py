"""Plans of lists on PostgreSQL: a list reads few rows, however many its filters match.

A prepared statement may get a generic plan, made without knowing the values. Rows are counted and
no time is measured: a wrong plan reads every document of the list.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import pytest
from django.db import connection, connections

from wagtail_delivery.api.queries import connection as queries
from wagtail_delivery.api.queries.lists import (
    NARROW,
    SEVERAL,
    ListFilter,
    ListQuery,
    Order,
    list_items,
)
from wagtail_delivery.api.queries.psycopg2_statements import _numbered
from wagtail_delivery.hashes import Scope, filter_hash, list_hash
from wagtail_delivery.sort_keys import sort_key
from wagtail_delivery.store.fallback_rows import update_fallback_rows

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="only PostgreSQL has plans"),
]
COUNT = 50_000
LIMIT = 21
#: Documents that have no counterpart in `en`.
MISSING = 10
#: Rows that a list may read: the counted ones of each filter, all that there is of each document
#: that is looked up, and a few for each item.
MOST = 2 * NARROW + 10 * NARROW + 40 * LIMIT
#: Of several filters more are counted, and one look tells whether these match another one.
MOST_OF_SEVERAL = MOST + 3 * NARROW * SEVERAL
#: For each name of an order, the SQL of its value for the document with the number n.
ORDERS = {
    "id": "convert_to(lpad(n::text, 8, '0'), 'utf8')",
    "rank": "int4send(n)",
    "title": "convert_to(md5(n::text), 'utf8')",
    # The documents of a locale come one after the other, so those in `ms` before those in `en`.
    "added": "int4send(id::int)",
    "code": "convert_to(CASE mod(n, 30) WHEN 8 THEN 'far' ELSE 'near' END, 'utf8')",
    "born": r"'\xff'::bytea",
    "alive": r"'\x01'::bytea",
    "genre": "convert_to(CASE mod(n, 1000) WHEN 0 THEN 'poetry' ELSE 'prose' END, 'utf8')",
}
COPIES = [sort_key(str(number)) for number in range(10)]


def by_order(name: str, value: Any) -> ListFilter:
    return ListFilter(name, [sort_key(value)], in_orders=True, in_filters=False)


ALL, MOST_OF_THEM = by_order("alive", True), by_order("genre", "prose")
FEW, NONE = by_order("genre", "poetry"), by_order("genre", "drama")
A_TENTH = ListFilter("copy", [COPIES[7]], in_orders=False, in_filters=True)
#: Matches as many as `SEVERAL` allows, and none of the tenth.
ELSEWHERE = by_order("code", "far")
#: In some types an order.
IN_BOTH = ListFilter("copy", [COPIES[7]], in_orders=True, in_filters=True)
FILTERS = [
    *([], [ALL], [MOST_OF_THEM], [A_TENTH], [IN_BOTH], [FEW], [NONE]),
    *([A_TENTH, ELSEWHERE], [ELSEWHERE, A_TENTH], [ELSEWHERE, ALL, A_TENTH]),
    *([ALL, MOST_OF_THEM], [ALL, FEW], [FEW, ALL], [ALL, NONE], [ALL, A_TENTH]),
]


@pytest.fixture(scope="module")
def _many(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Many documents in `ms`, of which all but the last are in `en` too; removed after the module.

    These would be found last in each order but `rank`, descending.
    """
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        for locale, number in (("ms", COUNT), ("en", COUNT - MISSING)):
            cursor.execute(
                f"INSERT INTO {queries.DOCUMENTS} (collection, resource_id, locale, type, slug, "
                "site, path, body, translation_at, card, etag, surrogate_keys, source, texts) "
                "SELECT 'authors', lpad(n::text, 8, '0'), %s, 'author', '', '', '', "
                "convert_to(repeat('x', 1500), 'utf8'), 0, "
                "convert_to(n::text, 'utf8'), '', '', '', '' FROM generate_series(1, %s) n",
                [locale, number],
            )
            scope = Scope("authors", "", locale)
            rows = f"FROM {queries.DOCUMENTS}, LATERAL (SELECT resource_id::int) number (n) "
            for name, value in ORDERS.items():
                cursor.execute(
                    f"INSERT INTO {queries.ORDERS} (list, value, document_id) "
                    f"SELECT %s, {value}, id {rows} WHERE locale = %s",
                    [list_hash(scope, name), locale],
                )
            cursor.execute(
                f"INSERT INTO {queries.FILTERS} (filter, document_id) "
                f"SELECT (%s::bigint[])[mod(n, 10) + 1], id {rows} WHERE locale = %s",
                [[filter_hash(scope, "copy", key) for key in COPIES], locale],
            )
        update_fallback_rows(("authors", f"{n:08}") for n in range(COUNT - MISSING, COUNT + 1))
        cursor.execute("ANALYZE")
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {queries.DOCUMENTS} CASCADE")
        connections.close_all()


class Executed(NamedTuple):
    """A query of the read side, and its rows."""

    sql: str
    parameters: Sequence[Any]
    rows: list[tuple[Any, ...]]


@pytest.fixture
def executed(monkeypatch: pytest.MonkeyPatch) -> list[Executed]:
    """The queries of the read side, as they are executed."""
    found: list[Executed] = []
    rows = queries.rows

    def recorded(sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
        found.append(Executed(sql, parameters, rows(sql, parameters)))
        return found[-1].rows

    monkeypatch.setattr(queries, "rows", recorded)
    return found


def most(filters: Sequence[ListFilter]) -> int:
    return MOST_OF_SEVERAL if len(filters) > 1 else MOST


def rows_read(query: Executed, mode: str) -> int:
    """The rows that the nodes of a prepared statement's plan read, as it is executed in `mode`."""
    marks = ", ".join(["%s"] * len(query.parameters))
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL plan_cache_mode = {mode}")
        # Without parameters, so that the driver leaves the statement alone.
        cursor.execute(f"PREPARE list AS {_numbered(query.sql)}")
        try:
            cursor.execute(
                f"EXPLAIN (ANALYZE, FORMAT JSON, TIMING OFF) EXECUTE list ({marks})",
                query.parameters,
            )
            [(plan,)] = cursor.fetchall()
        finally:
            cursor.execute("DEALLOCATE list")
    [found] = json.loads(plan) if isinstance(plan, str) else plan
    return sum(map(_rows_of, _nodes(found["Plan"])))


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", ()):
        yield from _nodes(child)


def _rows_of(node: dict[str, Any]) -> int:
    if not {"Relation Name", "Index Name"} & set(node):
        return 0
    removed = sum(rows for name, rows in node.items() if name.startswith("Rows Removed"))
    found: int = (node["Actual Rows"] + removed) * node["Actual Loops"]
    return found


@pytest.mark.usefixtures("_many")
@pytest.mark.parametrize("mode", ["force_custom_plan", "force_generic_plan"])
@pytest.mark.parametrize(
    "filters", FILTERS, ids=lambda found: "+".join(one.name for one in found) or "-"
)
class TestRowsRead:
    @pytest.mark.parametrize("order", ["rank", "-title", "-born"])
    @pytest.mark.parametrize("locales", [["ms"], ["en", "ms"]], ids="-".join)
    def test_a_list_reads_few_rows(
        self,
        executed: list[Executed],
        filters: Any,
        mode: str,
        order: str,
        locales: list[str],
    ) -> None:
        by = Order(order.removeprefix("-"), order.startswith("-"))
        list_items(ListQuery("authors", locales, by, "", filters, None, LIMIT))
        assert executed
        for query in list(executed):
            assert rows_read(query, mode) < most(filters) * len(locales)

    def test_a_later_page_reads_few_rows(
        self, executed: list[Executed], filters: Any, mode: str
    ) -> None:
        after = (sort_key("8"), 8)
        list_items(ListQuery("authors", ["ms"], Order("title", False), "", filters, after, LIMIT))
        for query in list(executed):
            assert rows_read(query, mode) < most(filters)


@pytest.mark.usefixtures("_many")
@pytest.mark.parametrize("mode", ["force_custom_plan", "force_generic_plan"])
@pytest.mark.parametrize("order", ["added", "-added", "title", "-title", "rank", "-rank", "-born"])
@pytest.mark.parametrize("filters", [[], [ALL], [MOST_OF_THEM], [NONE]], ids=len)
@pytest.mark.parametrize("locales", [["en", "ms"], ["ms", "en"]], ids="-".join)
def test_a_list_reads_none_of_the_fallback_that_is_not_shown(
    executed: list[Executed], mode: str, order: str, filters: Any, locales: list[str]
) -> None:
    """Nearly all items of the fallback have a better one, and may come before all of these."""
    by = Order(order.removeprefix("-"), order.startswith("-"))
    list_items(ListQuery("authors", locales, by, "", filters, None, LIMIT))
    counted = (NARROW + 1) * len(filters)
    for query in list(executed):
        assert rows_read(query, mode) < counted + 15 * (LIMIT + MISSING)


@pytest.mark.usefixtures("_many")
def test_the_bound_is_far_from_reading_the_list(executed: list[Executed]) -> None:
    assert 2 * MOST_OF_SEVERAL < COUNT
    queries.rows(f"SELECT COUNT(card) FROM {queries.DOCUMENTS} WHERE locale = %s", ["ms"])
    assert rows_read(executed[0], "force_generic_plan") >= COUNT
