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
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from wagtail_delivery.api.queries import connection as queries
from wagtail_delivery.api.queries.connection import (
    DOCUMENTS,
    FILTERS,
    ORDERS,
    SEQUENCE,
    moment,
    now,
    unexpired,
)
from wagtail_delivery.api.queries.sites import OF_ALL, is_default_site
from wagtail_delivery.api.queries.sql import Sql
from wagtail_delivery.hashes import Scope, filter_hash, list_hash
from wagtail_delivery.identifiers import DEFAULT
from wagtail_delivery.sort_keys import NOTHING

#: Greater than any key.
BEHIND_ALL = NOTHING + b"\xff"
#: A filter that at most so many documents match is narrow.
NARROW = 500
#: Not less than any primary key.
LAST_DOCUMENT = 2**63 - 1


class Order(NamedTuple):
    """The order of a list; documents without a value come last in both directions."""

    name: str
    descending: bool
    #: The types that have this key; empty if all types of the list have it.
    types: Sequence[str] = ()


class ListFilter(NamedTuple):
    """A filter of a list."""

    name: str
    #: The accepted ones.
    keys: Sequence[bytes]
    #: Where the keys of documents are.
    in_orders: bool
    in_filters: bool


class ListItem(NamedTuple):
    """One item of a list."""

    card: bytes
    document: int
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
    filters: Sequence[ListFilter]
    #: The key and the document of the last item of the previous page; None for the first page.
    after: tuple[bytes, int] | None
    limit: int
    #: Of pages, `identifiers.DEFAULT` or host:port.
    site: str = ""
    #: The name of the order in each locale, if it is not the same.
    order_in: Mapping[str, str] = MappingProxyType({})


def list_items(query: ListQuery) -> list[ListItem]:
    """The items of the page of a list that `query` describes."""
    if query.type in query.order.types:
        query = query._replace(order=query.order._replace(types=()))
    if not query.order.descending and not query.order.types:
        return _list_items(query)
    # The missing value has the greatest key, yet comes last in descending order too. Documents of
    # types without the order have no row, which is missing as well.
    found: list[ListItem] = []
    after = query.after
    if after is None or after[0] != NOTHING:
        found = _list_items(query, "<")
        after = None
    if len(found) < query.limit:
        # No key is greater; of a range PostgreSQL expects many rows, so it does not sort them all.
        found += _list_items(query._replace(after=after, limit=query.limit - len(found)), ">=")
    return found


def _list_items(query: ListQuery, to_nothing: str = "") -> list[ListItem]:
    """The items whose keys compare to NOTHING with the operator `to_nothing`; "" for all."""
    sql = _in_locale(query, to_nothing, query.locales[0])
    if len(query.locales) > 1:
        best, fallback = sql, _in_locale(query, to_nothing, query.locales[1], query.locales[0])
        sql = Sql("WITH best (card, document_id, locale, expires_at, value) AS (").append(best)
        sql.add(") SELECT * FROM best UNION ALL SELECT * FROM (").append(fallback)
        sql.add(f") AS fallback{_page_of(query)}")
    # The first row has the sequence alone, which a list without items is read at too.
    rows = queries.rows_at_sequence(
        "SELECT s.sequence, NULL AS card, NULL AS document_id, NULL AS locale, "
        f"NULL AS expires_at, NULL AS value FROM {SEQUENCE} s "
        f"UNION ALL SELECT NULL, items.* FROM ({sql.text}) AS items",
        sql.parameters,
    )
    return [
        ListItem(bytes(card), document, locale, bytes(key), moment(expires_at))
        for card, document, locale, expires_at, key in rows
        if card is not None
    ]


def _in_locale(query: ListQuery, to_nothing: str, locale: str, instead_of: str = "") -> Sql:
    """The query for the items in `locale`, without those that `instead_of` has if it is given."""
    found = _found(query, to_nothing, locale, instead_of)
    # So few that PostgreSQL looks each of them up.
    sql = Sql("SELECT d.card AS card, d.id AS document_id, d.locale AS locale, ")
    sql.add("d.expires_at AS expires_at, found.value AS value FROM (").append(found)
    return sql.add(f") AS found JOIN {DOCUMENTS} d ON d.id = found.document_id{_page_of(query)}")


def _found(query: ListQuery, to_nothing: str, locale: str, instead_of: str) -> Sql:
    """The documents of the page, with their keys."""
    walked, looked_up = (
        Sql(f"SELECT {rows.document} AS document_id, ")
        .append(rows.value)
        .add(" AS value FROM ")
        .append(rows.source)
        .append(_conditions(query, rows, locale, to_nothing, instead_of))
        for rows in (_walking(query, locale, to_nothing), _looking_up(query, locale))
    )
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
    for number, item in enumerate(query.filters):
        sql.add(f" matches{number} (document_id) AS (")
        for part, key in enumerate(_stored_keys(query, locale, item)):
            # Equality would leave a choice: to read all rows and sort them. Of a range PostgreSQL
            # expects many rows, and reads no more than the limit from the index.
            row = f"({key.columns}, f.document_id)"
            sql.add(" UNION ALL " if part else "")
            sql.add(f"SELECT * FROM (SELECT f.document_id FROM {key.table} f WHERE {row} > (")
            sql.append(key.values).add(f", 0) AND {row} < (").append(key.values)
            sql.add(f", {LAST_DOCUMENT}) ORDER BY {key.columns}, f.document_id ")
            sql.add(f"LIMIT {NARROW + 1:d}) AS part{part}")
        sql.add("),")
    every = (
        f"SELECT document_id FROM matches{number} WHERE {_is_narrow(number)}"
        for number in range(len(query.filters))
    )
    return sql.add(f" narrow (document_id) AS ({' UNION '.join(every)})")


def _is_narrow(number: int) -> str:
    return f"(SELECT COUNT(*) FROM matches{number}) <= {NARROW:d}"


class _StoredKey(NamedTuple):
    """A key that a filter accepts, as rows of a table have it."""

    table: str
    columns: str
    values: Sql


def _stored_keys(query: ListQuery, locale: str, item: ListFilter) -> Iterator[_StoredKey]:
    for key in item.keys:
        if item.in_filters:
            yield _StoredKey(FILTERS, "f.filter", _filter(query, locale, item.name, key))
        if item.in_orders:
            number = _list(query, locale, item.name)
            yield _StoredKey(ORDERS, "f.list, f.value", number.add(", %s", key))


def _filter(query: ListQuery, locale: str, name: str, key: bytes) -> Sql:
    return _in_scope(query, locale, lambda scope: filter_hash(scope, name, key))


def _list(query: ListQuery, locale: str, order: str, type: str = "") -> Sql:
    return _in_scope(query, locale, lambda scope: list_hash(scope, order, type))


def _in_scope(query: ListQuery, locale: str, hash_in: Callable[[Scope], int]) -> Sql:
    """The number that `hash_in` makes of the list's scope."""
    own = hash_in(Scope(query.collection, query.site, locale))
    if query.site in ("", DEFAULT):
        return Sql("%s", own)
    # The pages of the default site are stored under that name.
    default = hash_in(Scope(query.collection, DEFAULT, locale))
    sql = Sql("(SELECT CASE WHEN ").append(is_default_site(query.site, query.collection, locale))
    return sql.add(" THEN CAST(%s AS bigint) ELSE CAST(%s AS bigint) END)", default, own)


class _Rows(NamedTuple):
    """The rows that a query reads the items from."""

    source: Sql
    document: str
    #: The key in the order of the list.
    value: Sql


def _walking(query: ListQuery, locale: str, to_nothing: str) -> _Rows:
    """Those of the order, whose index has the list in its order."""
    if query.order.types and to_nothing == ">=":
        # Some types have no rows, so all documents of the list are looked at.
        source = Sql(f"{ORDERS} a WHERE a.list = ").append(_list(query, locale, OF_ALL))
        return _Rows(source, "a.document_id", _value("a.document_id", query, locale))
    source = Sql(f"{ORDERS} k WHERE ").add("k.typed = " if query.type else "k.list = ")
    source.append(_list(query, locale, _order_in(query, locale), query.type))
    return _Rows(source, "k.document_id", Sql("k.value"))


def _looking_up(query: ListQuery, locale: str) -> _Rows:
    """Those of `narrow`, which are in the list."""
    source = Sql("(SELECT n.document_id, ").append(_value("n.document_id", query, locale))
    # The limit keeps PostgreSQL from looking the key up for each place that names it.
    source.add(f" AS value FROM narrow n LIMIT {LAST_DOCUMENT}) AS l WHERE TRUE")
    return _Rows(source, "l.document_id", Sql("l.value"))


def _value(document: str, query: ListQuery, locale: str) -> Sql:
    """The key of a document; a subquery is never made a join."""
    sql = Sql(f"COALESCE((SELECT k.value FROM {ORDERS} k WHERE k.document_id = {document} AND ")
    # A sum, so that the row is looked up among the few of its document, not in its list.
    sql.add("k.list + 0 = ").append(_list(query, locale, _order_in(query, locale)))
    return sql.add("), %s)", NOTHING)


def _order_in(query: ListQuery, locale: str) -> str:
    return query.order_in.get(locale, query.order.name)


def _conditions(
    query: ListQuery, rows: _Rows, locale: str, to_nothing: str, instead_of: str
) -> Sql:
    """The conditions on an item besides its list."""
    # COUNT makes PostgreSQL look up what a document has; it turns IN and EXISTS into a join with
    # all rows that match, and joins into a walk through all documents.
    sql = Sql()
    for item in query.filters:
        sql.add(" AND (SELECT COUNT(*) FROM (")
        for part, key in enumerate(_stored_keys(query, locale, item)):
            sql.add(" UNION ALL " if part else "")
            sql.add(f"SELECT 1 FROM {key.table} f WHERE ({key.columns}, f.document_id) = (")
            sql.append(key.values).add(f", {rows.document})")
        sql.add(") AS found) > 0")
    if to_nothing:
        sql.add(" AND ").append(rows.value).add(f" {to_nothing} %s", NOTHING)
    if query.after is not None:
        behind = "<" if query.order.descending else ">"
        sql.add(" AND (").append(rows.value)
        sql.add(f", {rows.document}) {behind} (%s, %s)", *query.after)
    if instead_of:
        sql.append(_no_better(query, rows, instead_of))
    sql.add(f" AND (SELECT COUNT(*) FROM {DOCUMENTS} d WHERE d.id = {rows.document} ")
    sql.add(f"AND {unexpired('d')}", now())
    if query.type:
        sql.add(" AND d.type = %s", query.type)
    return sql.add(") > 0")


def _no_better(query: ListQuery, rows: _Rows, better: str) -> Sql:
    """The condition that the locale `better` does not have the item, in a query after `best`."""
    # If the better locale fills the page, rows behind its last item are not searched.
    ahead, end = (">", (b"", 0)) if query.order.descending else ("<", (BEHIND_ALL, LAST_DOCUMENT))
    direction = " DESC" if query.order.descending else ""
    last = (
        f"FROM best ORDER BY value{direction}, document_id{direction} LIMIT 1 OFFSET "
        f"{query.limit - 1:d}"
    )
    sql = Sql(" AND (").append(rows.value).add(f", {rows.document}) {ahead}= (")
    sql.add(f"COALESCE((SELECT value {last}), %s), ", end[0])
    sql.add(f"COALESCE((SELECT document_id {last}), %s))", end[1])
    # PostgreSQL estimates "< 1" to hold for a third of the rows, but "= 0" for so few that it would
    # sort them all.
    return sql.add(
        f" AND (SELECT COUNT(*) FROM {DOCUMENTS} d JOIN {DOCUMENTS} o "
        "ON o.collection = d.collection AND o.resource_id = d.resource_id "
        f"WHERE d.id = {rows.document} AND o.locale = %s AND {unexpired('o')}) < 1",
        *(better, now()),
    )


def _page_of(query: ListQuery) -> str:
    """The order of the list, up to the end of the page."""
    direction = " DESC" if query.order.descending else ""
    # The limit is no parameter, so that a prepared statement is planned for it.
    return f" ORDER BY value{direction}, document_id{direction} LIMIT {query.limit:d}"
