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
from functools import partial
from types import MappingProxyType
from typing import NamedTuple

from wagtail_delivery.api.queries import connection as queries
from wagtail_delivery.api.queries.connection import (
    DOCUMENTS,
    FALLBACK_FILTERS,
    FALLBACK_ORDERS,
    FILTERS,
    ORDERS,
    SEQUENCE,
    moment,
    now,
    unexpired,
)
from wagtail_delivery.api.queries.sites import OF_ALL, is_default_site
from wagtail_delivery.api.queries.sql import Sql
from wagtail_delivery.hashes import Scope, fallback_hash, filter_hash, list_hash
from wagtail_delivery.identifiers import DEFAULT
from wagtail_delivery.sort_keys import NOTHING

#: Greater than any key.
BEHIND_ALL = NOTHING + b"\xff"
#: Filters that at most so many documents match are narrow.
NARROW = 1000
#: So many times more may match one of several filters, if few of these match all.
SEVERAL = 2
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


class _Part(NamedTuple):
    """The items of a list that one locale has."""

    query: ListQuery
    locale: str
    #: Only items whose keys compare to NOTHING with this operator; "" for all.
    to_nothing: str
    #: Only items that this locale lacks; "" for all.
    instead_of: str = ""

    @property
    def orders(self) -> str:
        """The table in which the part is in its order."""
        return FALLBACK_ORDERS if self.instead_of else ORDERS

    @property
    def filters(self) -> str:
        """The table of what its documents can be filtered by."""
        return FALLBACK_FILTERS if self.instead_of else FILTERS

    @property
    def order(self) -> str:
        """The name of its order."""
        return self.query.order_in.get(self.locale, self.query.order.name)


def _list_items(query: ListQuery, to_nothing: str = "") -> list[ListItem]:
    """The items whose keys compare to NOTHING with the operator `to_nothing`; "" for all."""
    sql = _items(_Part(query, query.locales[0], to_nothing))
    if len(query.locales) > 1:
        better, locale = query.locales
        fallback = _items(_Part(query, locale, to_nothing, better))
        sql = Sql("WITH best (card, document_id, locale, expires_at, value) AS (").append(sql)
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


def _items(part: _Part) -> Sql:
    """The query for the items of the page in one locale."""
    found = _found(part)
    # So few that PostgreSQL looks each of them up.
    sql = Sql("SELECT d.card AS card, d.id AS document_id, d.locale AS locale, ")
    sql.add("d.expires_at AS expires_at, found.value AS value FROM (").append(found)
    sql.add(f") AS found JOIN {DOCUMENTS} d ON d.id = found.document_id")
    return sql.add(_page_of(part.query))


def _found(part: _Part) -> Sql:
    """The documents of the page, with their keys."""
    query = part.query
    walking = _walking(part)
    filters = [_matches(part, item, walking.document) for item in query.filters]
    walked = _page(part, walking, filters)
    if not query.filters:
        return walked.add(_page_of(query))
    sql = _narrow_matches(part).add(" SELECT * FROM (").append(_page(part, _looking_up(part), []))
    sql.add(") AS looked_up UNION ALL SELECT * FROM (").append(walked)
    sql.add(" AND ").append(_may_have_any(part)).add(f" AND NOT {_is_narrow(query)}")
    sql.add(f"{_page_of(query)}) AS walked")
    return sql.add(_page_of(query))


def _page(part: _Part, rows: _Rows, filters: Sequence[Sql]) -> Sql:
    """The query for documents and keys of `rows`, those that all `filters` are true of."""
    sql = Sql(f"SELECT {rows.document} AS document_id, ").append(rows.value)
    return sql.add(" AS value FROM ").append(rows.source).append(_conditions(part, rows, filters))


def _narrow_matches(part: _Part) -> Sql:
    """The start of a query: `narrow` has what matches all filters, if few documents match one.

    It has one document more than may be looked up if there are so many, and none if all filters are
    matched by many.
    """
    filters = part.query.filters
    sql = Sql("WITH")
    for number, item in enumerate(filters):
        sql.add(f" matches{number} (document_id) AS (")
        for index, key in enumerate(_stored_keys(part, item)):
            # Equality would leave a choice: to read all rows and sort them. Of a range PostgreSQL
            # expects many rows, and reads no more than the limit from the index.
            row = f"({key.columns}, f.document_id)"
            # A document may match several keys of a filter.
            sql.add(" UNION " if index else "")
            sql.add(f"SELECT * FROM (SELECT f.document_id FROM {key.table} f WHERE {row} > (")
            sql.append(key.values).add(f", 0) AND {row} < (").append(key.values)
            sql.add(f", {LAST_DOCUMENT}) ORDER BY {key.columns}, f.document_id ")
            sql.add(f"LIMIT {_few(part.query) + 1:d}) AS part{index}")
        sql.add("),")
    sql.add(" narrow (document_id) AS (")
    for number in range(len(filters)):
        # Of several the first that few documents match is enough, so the others are not counted.
        sql.add(" UNION ALL " if number else "")
        sql.add(f"SELECT m.document_id FROM matches{number} m WHERE ")
        for earlier in range(number):
            sql.add(f"NOT {_is_matched_by_few(part.query, earlier)} AND ")
        sql.add(_is_matched_by_few(part.query, number))
        for other, item in enumerate(filters):
            if other != number:
                sql.add(" AND ").append(_matches(part, item, "m.document_id"))
    return sql.add(f" LIMIT {NARROW + 1:d})")


def _few(query: ListQuery) -> int:
    """How many documents may match a filter so that these are gone through."""
    return NARROW if len(query.filters) == 1 else NARROW * SEVERAL


def _is_matched_by_few(query: ListQuery, number: int) -> str:
    return f"(SELECT COUNT(*) FROM matches{number}) <= {_few(query):d}"


def _is_narrow(query: ListQuery) -> str:
    """The condition that all that matches the filters is in `narrow`, and is looked up."""
    numbers = range(len(query.filters))
    some = " OR ".join(_is_matched_by_few(query, number) for number in numbers)
    return f"(({some}) AND (SELECT COUNT(*) FROM narrow) <= {NARROW:d})"


def _may_have_any(part: _Part) -> Sql:
    """A condition that is soon false of a list without any items that compare to NOTHING.

    Few lists have items without a value. The last one tells, before any filter is looked at.
    """
    if part.to_nothing != ">=" or part.query.order.types:
        return Sql("TRUE")
    sql = Sql(f"(SELECT k.value FROM {part.orders} k WHERE k.list = ")
    sql.append(_number(part, partial(list_hash, order=part.order)))
    return sql.add(" ORDER BY k.value DESC, k.document_id DESC LIMIT 1) >= %s", NOTHING)


class _StoredKey(NamedTuple):
    """A key that a filter accepts, as rows of a table have it."""

    table: str
    columns: str
    values: Sql


def _stored_keys(part: _Part, item: ListFilter) -> Iterator[_StoredKey]:
    for key in item.keys:
        if item.in_filters:
            hash_in = partial(filter_hash, name=item.name, value=key)
            yield _StoredKey(part.filters, "f.filter", _number(part, hash_in))
        if item.in_orders:
            number = _number(part, partial(list_hash, order=item.name))
            yield _StoredKey(part.orders, "f.list, f.value", number.add(", %s", key))


def _number(part: _Part, hash_in: Callable[[Scope], int]) -> Sql:
    """The number that what `hash_in` numbers has in the tables of `part`."""
    if not part.instead_of:
        return _in_scope(part, hash_in)
    return _in_scope(part, lambda scope: fallback_hash(hash_in(scope), part.instead_of))


def _in_scope(part: _Part, hash_in: Callable[[Scope], int]) -> Sql:
    """The number that `hash_in` makes of the part's scope."""
    collection, site = part.query.collection, part.query.site
    own = hash_in(Scope(collection, site, part.locale))
    if site in ("", DEFAULT):
        return Sql("%s", own)
    # The pages of the default site are stored under that name.
    default = hash_in(Scope(collection, DEFAULT, part.locale))
    sql = Sql("(SELECT CASE WHEN ").append(is_default_site(site, collection, part.locale))
    return sql.add(" THEN CAST(%s AS bigint) ELSE CAST(%s AS bigint) END)", default, own)


class _Rows(NamedTuple):
    """The rows that a query reads the items from."""

    source: Sql
    document: str
    #: The key in the order of the list.
    value: Sql

    @property
    def place(self) -> Sql:
        """The place in the list, which no two items have in common."""
        return Sql("(").append(self.value).add(f", {self.document})")


def _walking(part: _Part) -> _Rows:
    """Those of the order, whose index has the list in its order."""
    if part.query.order.types and part.to_nothing == ">=":
        # Some types have no rows, so all documents of the list are looked at.
        source = Sql(f"{part.orders} a WHERE a.list = ")
        source.append(_number(part, partial(list_hash, order=OF_ALL)))
        return _Rows(source, "a.document_id", _value("a.document_id", part))
    column = "k.typed" if part.query.type else "k.list"
    source = Sql(f"{part.orders} k WHERE {column} = ")
    source.append(_number(part, partial(list_hash, order=part.order, type=part.query.type)))
    return _Rows(source, "k.document_id", Sql("k.value"))


def _looking_up(part: _Part) -> _Rows:
    """Those of `narrow`, which are in the list."""
    source = Sql("(SELECT n.document_id, ").append(_value("n.document_id", part))
    source.add(" AS value FROM narrow n WHERE ").append(_may_have_any(part))
    source.add(f" AND {_is_narrow(part.query)}")
    # The limit keeps PostgreSQL from looking the key up for each place that names it.
    source.add(f" LIMIT {LAST_DOCUMENT}) AS l WHERE TRUE")
    return _Rows(source, "l.document_id", Sql("l.value"))


def _value(document: str, part: _Part) -> Sql:
    """The key of a document; a subquery is never made a join."""
    sql = Sql(f"COALESCE((SELECT k.value FROM {ORDERS} k WHERE k.document_id = {document} AND ")
    # A sum, so that the row is looked up among the few of its document, not in its list.
    sql.add("k.list + 0 = ").append(_in_scope(part, partial(list_hash, order=part.order)))
    return sql.add("), %s)", NOTHING)


def _conditions(part: _Part, rows: _Rows, filters: Sequence[Sql]) -> Sql:
    """The conditions on an item besides its list, `filters` among them."""
    query = part.query
    sql = Sql()
    if part.to_nothing:
        sql.add(" AND ").append(rows.value).add(f" {part.to_nothing} %s", NOTHING)
    if query.after is not None:
        behind = "<" if query.order.descending else ">"
        sql.add(" AND ").append(rows.place).add(f" {behind} (%s, %s)", *query.after)
    if part.instead_of:
        sql.append(_not_behind_best(query, rows))
    # What is looked up for each row, in this order: PostgreSQL would begin with the documents,
    # whose rows are the longest.
    refusals = [Sql("NOT ").append(one) for one in filters]
    if part.instead_of:
        refusals.append(_has_better(part, rows))
    public = _is_public(query, rows)
    if not refusals:
        return sql.add(" AND ").append(public)
    sql.add(" AND CASE")
    for refusal in refusals:
        sql.add(" WHEN ").append(refusal).add(" THEN FALSE")
    return sql.add(" ELSE ").append(public).add(" END")


def _not_behind_best(query: ListQuery, rows: _Rows) -> Sql:
    """The condition that an item is not behind the page that `best` fills; true if it does not."""
    ahead, end = (">", (b"", 0)) if query.order.descending else ("<", (BEHIND_ALL, LAST_DOCUMENT))
    last = f"FROM best{_by_place(query)} LIMIT 1 OFFSET {query.limit - 1:d}"
    sql = Sql(" AND ").append(rows.place).add(f" {ahead}= (")
    sql.add(f"COALESCE((SELECT value {last}), %s), ", end[0])
    return sql.add(f"COALESCE((SELECT document_id {last}), %s))", end[1])


# A subquery of one value is looked up for each row. PostgreSQL would turn IN and EXISTS into a join
# with all rows that match, and joins into a walk through all documents.


def _matches(part: _Part, item: ListFilter, document: str) -> Sql:
    """The condition that a document has a value that a filter accepts."""
    sql = Sql("(")
    for index, key in enumerate(_stored_keys(part, item)):
        sql.add(" OR " if index else "")
        sql.add(f"(SELECT 1 FROM {key.table} f WHERE ({key.columns}, f.document_id) = (")
        sql.append(key.values).add(f", {document}) LIMIT 1) IS NOT NULL")
    return sql.add(")")


def _has_better(part: _Part, rows: _Rows) -> Sql:
    """The condition that the better locale has the item, which expires there."""
    return Sql(
        f"(SELECT 1 FROM {DOCUMENTS} d JOIN {DOCUMENTS} o "
        "ON o.collection = d.collection AND o.resource_id = d.resource_id "
        f"WHERE d.id = {rows.document} AND o.locale = %s AND {unexpired('o')} LIMIT 1) IS NOT NULL",
        *(part.instead_of, now()),
    )


def _is_public(query: ListQuery, rows: _Rows) -> Sql:
    """The condition that a document has not expired, and is of the type of the list."""
    sql = Sql(f"(SELECT 1 FROM {DOCUMENTS} d WHERE d.id = {rows.document} ")
    sql.add(f"AND {unexpired('d')}", now())
    if query.type:
        sql.add(" AND d.type = %s", query.type)
    return sql.add(" LIMIT 1) IS NOT NULL")


def _by_place(query: ListQuery) -> str:
    """The order of the list, of rows that name an item's key and document."""
    direction = " DESC" if query.order.descending else ""
    return f" ORDER BY value{direction}, document_id{direction}"


def _page_of(query: ListQuery) -> str:
    """The order of the list, up to the end of the page."""
    # The limit is no parameter, so that a prepared statement is planned for it.
    return f"{_by_place(query)} LIMIT {query.limit:d}"
