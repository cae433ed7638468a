"""The query for a page of a list."""
# ruff: noqa: S608 - see `queries`

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from wagtail_delivery.api.queries import connection as queries
from wagtail_delivery.api.queries.connection import DOCUMENTS, KEYS, now, unexpired
from wagtail_delivery.api.queries.sql import Sql, markers
from wagtail_delivery.sort_keys import sort_key

#: The key of documents without a value, which come last in every order.
NOTHING = sort_key(None)
#: Greater than any key.
BEHIND_ALL = NOTHING + b"\xff"


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
        direction = _direction(query)
        sql = Sql(f"WITH best (card, resource_id, locale, value) AS ({best.text})")
        sql.add(f" SELECT * FROM best UNION ALL SELECT * FROM ({fallback.text}) AS fallback")
        sql.add(f" ORDER BY value{direction}, resource_id{direction} LIMIT {query.limit:d}")
        sql.parameters += [*best.parameters, *fallback.parameters]
    return [
        ListItem(bytes(card), resource_id, locale, bytes(key))
        for card, resource_id, locale, key in queries.rows(sql.text, sql.parameters)
    ]


def _in_locale(query: ListQuery, to_nothing: str, locale: str, instead_of: str = "") -> Sql:
    """The query for the items in `locale`, without those that `instead_of` has if it is given."""
    collection, order = query.collection, query.order
    value = Sql("COALESCE(k.value, %s)", NOTHING) if order.types else Sql("k.value")
    direction = _direction(query)
    # Read from the keys, whose index has the list in its order; from the documents only if some
    # have no key for it. `row` is the table for the columns that both have.
    row, document_id = ("d", "d.id") if order.types else ("k", "k.document_id")
    sql = Sql(f"SELECT d.card, d.resource_id, d.locale, {value.text} FROM ", *value.parameters)
    if order.types:
        sql.add(f"{DOCUMENTS} d LEFT JOIN {KEYS} k ON k.document_id = d.id AND k.name = %s ")
        sql.add(f"AND k.type IN ({markers(order.types)}) WHERE TRUE", order.name, *order.types)
    else:
        sql.add(f"{KEYS} k JOIN {DOCUMENTS} d ON d.id = k.document_id WHERE k.name = %s")
        sql.add("", order.name)
    sql.add(f" AND {row}.collection = %s AND {row}.locale = %s", collection, locale)
    if query.type:
        sql.add(f" AND {row}.type = %s", query.type)
    sql.add(f" AND {unexpired('d')}", now())
    for name, values in query.filters:
        sql.add(
            f" AND {document_id} IN (SELECT f.document_id FROM {KEYS} f WHERE f.collection = %s "
            f"AND f.locale = %s AND f.name = %s AND f.value IN ({markers(values)}))",
            *(collection, locale, name, *values),
        )
    if to_nothing:
        sql.add(f" AND {value.text} {to_nothing} %s", *value.parameters, NOTHING)
    if query.after is not None:
        behind = "<" if order.descending else ">"
        sql.add(f" AND ({value.text}, {row}.resource_id) {behind} (%s, %s)")
        sql.parameters += [*value.parameters, *query.after]
    if instead_of:
        # COUNT makes PostgreSQL look the few rows up one by one; it turns NOT EXISTS into a join
        # with the whole table. It estimates "< 1" to hold for a third of the rows, but "= 0" for so
        # few that it would sort them all.
        sql.add(
            f" AND (SELECT COUNT(*) FROM {DOCUMENTS} o WHERE o.collection = %s "
            f"AND o.resource_id = {row}.resource_id AND o.locale = %s AND {unexpired('o')}) < 1",
            *(collection, instead_of, now()),
        )
        # If the better locale fills the page, rows behind its last item are not searched.
        ahead = ">" if order.descending else "<"
        sql.add(
            f" AND {value.text} {ahead}= COALESCE("
            f"(SELECT value FROM best ORDER BY value{direction} LIMIT 1 OFFSET %s), %s)",
            *value.parameters,
            *(query.limit - 1, b"" if order.descending else BEHIND_ALL),
        )
    sql.add(f" ORDER BY {value.text}{direction}", *value.parameters)
    # Not a parameter, so that a prepared statement is planned for this limit.
    sql.add(f", {row}.resource_id{direction} LIMIT {query.limit:d}")
    return sql


def _direction(query: ListQuery) -> str:
    return " DESC" if query.order.descending else ""
