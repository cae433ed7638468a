"""The query for a page of a list.

A filter may match a few documents or nearly all. There is a good way for each: to look up the few
and sort them, or to walk through the list in its order and skip what does not match until the page
is full. PostgreSQL would have to guess which, and a prepared statement without knowing the value; a
wrong guess takes a thousand times as long. So the query itself counts, up to a bound, and only one
of its two branches runs. Neither leaves a choice that depends on the value.
"""
# ruff: noqa: S608 - see `queries`

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import NamedTuple

from wagtail_delivery.api.queries import connection as queries
from wagtail_delivery.api.queries.connection import (
    DOCUMENTS,
    KEYS,
    SEQUENCE,
    moment,
    now,
    unexpired,
)
from wagtail_delivery.api.queries.sql import Sql, markers
from wagtail_delivery.sort_keys import sort_key

#: The key of documents without a value, which come last in every order.
NOTHING = sort_key(None)
#: Greater than any key.
BEHIND_ALL = NOTHING + b"\xff"
#: A filter that at most so many documents match is narrow.
NARROW = 1000


class Order(NamedTuple):
    """The order of a list; documents without a value come last in both directions."""

    name: str
    descending: bool
    #: The types that have this key; empty if all types of the list have it.
    types: Sequence[str] = ()


class ListItem(NamedTuple):
    """One item of a list."""

    card: bytes
    resource_id: str
    locale: str
    key: bytes
    expires_at: datetime.datetime | None


class ListQuery(NamedTuple):
    """One page of a list."""

    collection: str
    #: One or two; an item is listed in the first of them that has it.
    locales: Sequence[str]
    order: Order
    #: Restricts the list to one type; empty for all types.
    type: str
    #: Names of keys, each with its accepted values.
    filters: Sequence[tuple[str, Sequence[bytes]]]
    #: The key and the id of the last item of the previous page; None for the first page.
    after: tuple[bytes, str] | None
    limit: int


def list_items(query: ListQuery) -> list[ListItem]:
    """The items of the page of a list that `query` describes."""
    if not query.order.descending:
        return _list_items(query)
    # The missing value has the greatest key, yet comes last in descending order too.
    found: list[ListItem] = []
    after = query.after
    if after is None or after[0] != NOTHING:
        found = _list_items(query, "<")
        after = None
    if len(found) < query.limit:
        found += _list_items(query._replace(after=after, limit=query.limit - len(found)), "=")
    return found


def _list_items(query: ListQuery, to_nothing: str = "") -> list[ListItem]:
    """The items whose keys compare to NOTHING with the operator `to_nothing`; "" for all."""
    sql = _in_locale(query, to_nothing, query.locales[0])
    if len(query.locales) > 1:
        best, fallback = sql, _in_locale(query, to_nothing, query.locales[1], query.locales[0])
        sql = Sql("WITH best (card, resource_id, locale, expires_at, value) AS (").append(best)
        sql.add(") SELECT * FROM best UNION ALL SELECT * FROM (").append(fallback)
        sql.add(f") AS fallback{_page_of(query)}")
    # The first row has the sequence alone, which a list without items is read at too.
    rows = queries.rows_at_sequence(
        "SELECT s.sequence, NULL AS card, NULL AS resource_id, NULL AS locale, "
        f"NULL AS expires_at, NULL AS value FROM {SEQUENCE} s "
        f"UNION ALL SELECT NULL, items.* FROM ({sql.text}) AS items",
        sql.parameters,
    )
    return [
        ListItem(bytes(card), resource_id, locale, bytes(key), moment(expires_at))
        for card, resource_id, locale, expires_at, key in rows
        if card is not None
    ]


def _in_locale(query: ListQuery, to_nothing: str, locale: str, instead_of: str = "") -> Sql:
    """The query for the items in `locale`, without those that `instead_of` has if it is given."""
    walked = _walked(query, locale).append(_conditions(query, _walking(query), to_nothing))
    looked_up = _looked_up(query).append(_conditions(query, _looking_up(query), to_nothing))
    if instead_of:
        walked.append(_no_better(query, _walking(query), instead_of))
        looked_up.append(_no_better(query, _looking_up(query), instead_of))
    if not query.filters:
        return walked.add(_page_of(query))
    sql = _narrow_matches(query, locale).add(" SELECT * FROM (").append(looked_up)
    sql.add(") AS looked_up UNION ALL SELECT * FROM (").append(walked)
    for number in range(len(query.filters)):
        sql.add(f" AND NOT {_is_narrow(number)}")
    return sql.add(f"{_page_of(query)}) AS walked{_page_of(query)}")


def _narrow_matches(query: ListQuery, locale: str) -> Sql:
    """The start of a query: `narrow` has what the narrow filters match, so it is empty without one.

    What matches all filters is among it then, since it matches the narrow ones too.
    """
    sql = Sql("WITH")
    for number, (name, values) in enumerate(query.filters):
        sql.add(
            f" matches{number} AS (SELECT f.document_id FROM {KEYS} f WHERE f.collection = %s "
            f"AND f.locale = %s AND f.name = %s AND f.value IN ({markers(values)}) "
            # In the order of the index, so that no more than the limit is read from it.
            f"{'ORDER BY f.value, f.resource_id ' if len(values) == 1 else ''}"
            f"LIMIT {NARROW + 1:d}),",
            *(query.collection, locale, name, *values),
        )
    every = (
        f"SELECT document_id FROM matches{number} WHERE {_is_narrow(number)}"
        for number in range(len(query.filters))
    )
    return sql.add(f" narrow (document_id) AS ({' UNION '.join(every)})")


def _is_narrow(number: int) -> str:
    return f"(SELECT COUNT(*) FROM matches{number}) <= {NARROW:d}"


class _Columns(NamedTuple):
    """Where a query has an item's columns."""

    #: The table for the columns that documents and keys both have.
    row: str
    document_id: str
    #: The key in the order of the list.
    value: Sql


def _walking(query: ListQuery) -> _Columns:
    """From the keys, whose index has the list in its order; from the documents if some of them have
    no key for it."""
    if query.order.types:
        return _Columns("d", "d.id", Sql("COALESCE(k.value, %s)", NOTHING))
    return _Columns("k", "k.document_id", Sql("k.value"))


def _walked(query: ListQuery, locale: str) -> Sql:
    order, columns = query.order, _walking(query)
    sql = _selected(columns)
    if order.types:
        sql.add(f"{DOCUMENTS} d LEFT JOIN {KEYS} k ON k.document_id = d.id AND k.name = %s ")
        sql.add(f"AND k.type IN ({markers(order.types)}) WHERE TRUE")
    else:
        sql.add(f"{KEYS} k JOIN {DOCUMENTS} d ON d.id = k.document_id WHERE k.name = %s")
    sql.add(f" AND {columns.row}.collection = %s AND {columns.row}.locale = %s")
    return sql.add("", order.name, *order.types, query.collection, locale)


def _looking_up(query: ListQuery) -> _Columns:
    """From the documents in `narrow`, which are in the list; a subquery is never made a join."""
    order = query.order
    value = Sql(
        f"COALESCE((SELECT k.value FROM {KEYS} k WHERE k.document_id = d.id AND k.name = %s",
        order.name,
    )
    if order.types:
        value.add(f" AND k.type IN ({markers(order.types)})", *order.types)
    return _Columns("d", "d.id", value.add("), %s)", NOTHING))


def _looked_up(query: ListQuery) -> Sql:
    sql = _selected(_looking_up(query))
    return sql.add(f"narrow JOIN {DOCUMENTS} d ON d.id = narrow.document_id WHERE TRUE")


def _selected(columns: _Columns) -> Sql:
    sql = Sql(f"SELECT d.card AS card, {columns.row}.resource_id AS resource_id, ")
    return (
        sql.add("d.locale AS locale, d.expires_at AS expires_at, ")
        .append(columns.value)
        .add(" AS value FROM ")
    )


def _conditions(query: ListQuery, columns: _Columns, to_nothing: str) -> Sql:
    """The conditions on an item besides its list."""
    sql = Sql(f" AND {columns.row}.type = %s", query.type) if query.type else Sql()
    sql.add(f" AND {unexpired('d')}", now())
    for name, values in query.filters:
        # COUNT makes PostgreSQL look the few keys of each document up; it turns IN and EXISTS into
        # a join with all keys that match.
        sql.add(
            f" AND (SELECT COUNT(*) FROM {KEYS} f WHERE f.document_id = {columns.document_id} "
            f"AND f.name = %s AND f.value IN ({markers(values)})) > 0",
            *(name, *values),
        )
    if to_nothing:
        sql.add(" AND ").append(columns.value).add(f" {to_nothing} %s", NOTHING)
    if query.after is not None:
        behind = "<" if query.order.descending else ">"
        sql.add(" AND (").append(columns.value)
        sql.add(f", {columns.row}.resource_id) {behind} (%s, %s)", *query.after)
    return sql


def _no_better(query: ListQuery, columns: _Columns, better: str) -> Sql:
    """The condition that the locale `better` does not have the item, in a query after `best`."""
    # COUNT as above. PostgreSQL estimates "< 1" to hold for a third of the rows, but "= 0" for so
    # few that it would sort them all.
    sql = Sql(
        f" AND (SELECT COUNT(*) FROM {DOCUMENTS} o WHERE o.resource_id = {columns.row}.resource_id "
        f"AND o.collection = %s AND o.locale = %s AND {unexpired('o')}) < 1",
        *(query.collection, better, now()),
    )
    # If the better locale fills the page, rows behind its last item are not searched.
    ahead, direction = (">", " DESC") if query.order.descending else ("<", "")
    return (
        sql.add(" AND ")
        .append(columns.value)
        .add(
            f" {ahead}= COALESCE((SELECT value FROM best ORDER BY value{direction} "
            "LIMIT 1 OFFSET %s), %s)",
            *(query.limit - 1, b"" if query.order.descending else BEHIND_ALL),
        )
    )


def _page_of(query: ListQuery) -> str:
    """The order of the list, up to the end of the page."""
    direction = " DESC" if query.order.descending else ""
    # The limit is no parameter, so that a prepared statement is planned for it.
    return f" ORDER BY value{direction}, resource_id{direction} LIMIT {query.limit:d}"
