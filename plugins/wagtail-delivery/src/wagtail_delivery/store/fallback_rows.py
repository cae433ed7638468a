"""The rows by which a list shows documents in place of those that another locale lacks.

They follow from the orders and filters of a document, and from which other locales have its item.
Statements over whole items make them of the stored rows, so the number of queries does not grow
with that of the documents.
"""

# ruff: noqa: S608 - the names of tables are the code's own

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import groupby
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from wagtail_delivery.compiler.documents import CompiledOrder
from wagtail_delivery.hashes import fallback_hash, fallback_mask
from wagtail_delivery.identifiers import SITE
from wagtail_delivery.locales import content_locales
from wagtail_delivery.models import (
    DocumentFilter,
    DocumentOrder,
    FallbackFilter,
    FallbackOrder,
    PublishedDocument,
)
from wagtail_delivery.store.change_log import log_rearranged
from wagtail_delivery.store.routes import chunks
from wagtail_delivery.store.rows import marks, table_of

#: Collection and resource: the documents of an item are in different locales.
Item = tuple[str, str]
#: For each part of a document, where its rows are, where those that follow from them are, and the
#: columns that have the number of a list or filter, and the others.
TABLES: dict[str, tuple[Any, Any, tuple[str, ...], tuple[str, ...]]] = {
    "orders": (DocumentOrder, FallbackOrder, ("list", "typed"), ("value", "document_id")),
    "filters": (DocumentFilter, FallbackFilter, ("filter",), ("document_id",)),
}
#: In an annotated queryset, whether the content locale with that number has the item.
_HAS = "is_in_locale_"


def content_codes() -> list[str]:
    """The locales that lists are asked for with a fallback; none if there is only one."""
    codes = content_locales().codes
    return codes if len(codes) > 1 else []


def item_of(document: PublishedDocument) -> Item:
    """What a document and its translations have in common."""
    return document.collection, document.resource_id


def with_locales(documents: QuerySet[PublishedDocument]) -> QuerySet[PublishedDocument]:
    """`documents` with what `lacking` reads."""
    same = PublishedDocument.objects.filter(
        collection=OuterRef("collection"), resource_id=OuterRef("resource_id"), expires_at=None
    )
    return documents.annotate(
        **{
            f"{_HAS}{number}": Exists(same.filter(locale=code))
            for number, code in enumerate(content_codes())
        }
    )


def lacking(document: PublishedDocument) -> frozenset[str]:
    """The locales in place of which a list may show a document of `with_locales`.

    What expires there counts as lacking, and the query of a list leaves it out until then.
    """
    return frozenset(
        code
        for number, code in enumerate(content_codes())
        if document.locale not in ("", code) and not getattr(document, f"{_HAS}{number}")
    )


def fallback_orders(
    orders: Iterable[CompiledOrder], lacking: Collection[str]
) -> set[CompiledOrder]:
    """The orders of a document in place of the locales that are `lacking`."""
    return {
        CompiledOrder(
            fallback_hash(order.list, code),
            None if order.typed is None else fallback_hash(order.typed, code),
            order.value,
        )
        for code in lacking
        for order in orders
    }


def fallback_filters(filters: Iterable[int], lacking: Collection[str]) -> set[int]:
    """The filters of a document in place of the locales that are `lacking`."""
    return {fallback_hash(number, code) for code in lacking for number in filters}


def update_fallback_rows(
    items: Iterable[Item],
    parts: Collection[str] = tuple(TABLES),
    known: Collection[Item] | None = None,
) -> None:
    """Write these parts of the fallback rows of `items` anew; two statements for each part.

    If `known` is given, no other items have such rows yet.
    """
    for chunk in _chunks(items):
        old = chunk if known is None else [item for item in chunk if item in known]
        for part in parts:
            if old:
                _remove(old, part)
            _insert(part, *_among(chunk))


def remove_fallback_rows(items: Iterable[Item]) -> None:
    """Remove all fallback rows of `items`, because some of their documents are removed.

    With a document its rows go anyway, but Django would load each of them.
    """
    for chunk in _chunks(items):
        for part in TABLES:
            _remove(chunk, part)


def add_locale(code: str) -> None:
    """Add the rows in place of a locale that is new, for all documents at once.

    The API takes its locales from the project's settings, so there are rows for each of those,
    whether or not it has been created. This is for a language that was added to the settings since
    the last rebuild.
    """
    if code in content_codes():
        added = [_insert(part, "1 = 1", [], [code]) for part in TABLES]
        if any(added):
            rows = PublishedDocument.objects.exclude(locale="")
            log_rearranged(rows.order_by().values_list("collection", flat=True).distinct())


def _chunks(items: Iterable[Item]) -> Iterable[list[Item]]:
    """The items that may have such rows, in lists that fit into a query."""
    return chunks({item for item in items if item[0] != SITE} if content_codes() else ())


def _among(items: Collection[Item]) -> tuple[str, list[Any]]:
    """The condition that a document `d` is of one of `items`, and its parameters."""
    conditions, parameters = [], []
    for collection, group in groupby(items, lambda item: item[0]):
        ids = [resource_id for _, resource_id in group]
        conditions.append(f"d.collection = %s AND d.resource_id IN ({marks(ids)})")
        parameters += [collection, *ids]
    return " OR ".join(f"({one})" for one in conditions), parameters


def _remove(items: Collection[Item], part: str) -> None:
    among, parameters = _among(items)
    table, documents = table_of(TABLES[part][1]), table_of(PublishedDocument)
    _execute(
        f"DELETE FROM {table} WHERE document_id IN (SELECT d.id FROM {documents} d WHERE {among})",
        parameters,
    )


def _insert(
    part: str, among: str, parameters: Collection[Any], codes: Collection[str] | None = None
) -> int:
    """Insert the rows of a part of documents in place of `codes`; returns how many are new."""
    source, target, numbers, others = TABLES[part]
    codes = content_codes() if codes is None else codes
    documents = table_of(PublishedDocument)
    # Exclusive or, for which the databases have no common operator. The casts are for PostgreSQL,
    # which cannot tell the type of a parameter in SELECT.
    found = [f"(k.{name} | better.mask) - (k.{name} & better.mask)" for name in numbers]
    found += [f"k.{name}" for name in others]
    better = " UNION ALL ".join(
        ["SELECT CAST(%s AS varchar) AS locale, CAST(%s AS bigint) AS mask"] * len(codes)
    )
    return _execute(
        f"INSERT INTO {table_of(target)} ({', '.join((*numbers, *others))}) "
        f"SELECT {', '.join(found)} FROM {documents} d "
        f"JOIN {table_of(source)} k ON k.document_id = d.id CROSS JOIN ({better}) better "
        f"WHERE ({among}) AND d.locale <> '' AND d.locale <> better.locale AND NOT EXISTS ("
        f"SELECT 1 FROM {documents} o WHERE o.collection = d.collection "
        "AND o.resource_id = d.resource_id AND o.locale = better.locale AND o.expires_at IS NULL"
        ") ON CONFLICT DO NOTHING",
        [*(one for code in codes for one in (code, fallback_mask(code))), *parameters],
    )


def _execute(sql: str, parameters: list[Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return int(cursor.rowcount)
