"""Batches of sources: what they name and their stored documents, read in a few queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Value
from wagtail.models import Page

from wagtail_delivery.compiler.documents import CompiledFallback, CompiledOrder
from wagtail_delivery.compiler.sites import SITE_SOURCE
from wagtail_delivery.content.snapshot import SiteSnapshot
from wagtail_delivery.content.tree_positions import load_positions
from wagtail_delivery.models import (
    Dependency,
    DocumentFilter,
    DocumentOrder,
    FallbackBody,
    FallbackFilter,
    FallbackOrder,
    PublishedDocument,
    PublishedFile,
)
from wagtail_delivery.store.fallback_rows import (
    fallback_filters,
    fallback_orders,
    lacking,
    with_locales,
)
from wagtail_delivery.store.routes import addresses_of, chunks, last_routes
from wagtail_delivery.store.sources import load_all


@dataclass(frozen=True)
class StoredDocument:
    """A stored document with its rows."""

    row: PublishedDocument
    orders: set[CompiledOrder]
    filters: set[int]
    #: See `hashes.dependency_hash`.
    dependencies: set[int]
    fallbacks: set[CompiledFallback]
    files: set[str]
    #: Whether its address leads to it.
    has_its_routes: bool
    #: The locales in place of which a list may show it.
    lacking: frozenset[str]
    #: Whether it has the orders and filters for that, made of those that it has.
    has_its_fallback_orders: bool


def load_batch(sources: Collection[str], snapshot: SiteSnapshot) -> dict[str, models.Model]:
    """The instances that `sources` name, without those that no longer exist.

    The snapshot looks up with them what their documents ask for.
    """
    found = load_all(source for source in sources if not source.startswith(SITE_SOURCE))
    snapshot.prepare(list(found.values()))
    load_positions([each for each in found.values() if isinstance(each, Page)], snapshot)
    return found


def stored_documents(sources: Collection[str], snapshot: SiteSnapshot) -> list[StoredDocument]:
    """The stored documents of `sources`; those of one source by primary key."""
    return [
        document
        for chunk in chunks(sources)
        for document in with_rows(PublishedDocument.objects.filter(source__in=chunk), snapshot)
    ]


def with_rows(documents: Any, snapshot: SiteSnapshot) -> list[StoredDocument]:
    """The documents of a queryset with their rows; seven queries, or one without documents."""
    rows = list(with_locales(documents).order_by("pk"))
    if not rows:
        return []
    which = {"document__in": [row.pk for row in rows]}
    orders, orders_elsewhere = _both(
        *(DocumentOrder, FallbackOrder, which, ("list", "typed", "value")),
        lambda list, typed, value: CompiledOrder(list, typed, bytes(value)),
    )
    filters, filters_elsewhere = _both(
        *(DocumentFilter, FallbackFilter, which, ("filter",)), lambda one: one
    )
    dependencies = _grouped(
        Dependency.objects.filter(**which).values_list("document", "key"), lambda key: key
    )
    files = _grouped(
        PublishedFile.objects.filter(**which).values_list("document", "name"), lambda name: name
    )
    fallbacks = _grouped(
        FallbackBody.objects.filter(**which).values_list(
            "document", "locale", "body", "translation_at", "etag"
        ),
        lambda locale, body, at, etag: CompiledFallback(locale, bytes(body), at, etag),
    )
    addresses = {row.pk: addresses_of(row, snapshot) if row.path else [] for row in rows}
    last = last_routes({address for each in addresses.values() for address in each})
    lacked = {row.pk: lacking(row) for row in rows}
    return [
        StoredDocument(
            row,
            orders[row.pk],
            filters[row.pk],
            dependencies[row.pk],
            fallbacks[row.pk],
            files[row.pk],
            all(
                address in last and last[address].document_id == row.pk
                for address in addresses[row.pk]
            ),
            lacked[row.pk],
            orders_elsewhere[row.pk] == fallback_orders(orders[row.pk], lacked[row.pk])
            and filters_elsewhere[row.pk] == fallback_filters(filters[row.pk], lacked[row.pk]),
        )
        for row in rows
    ]


def _both(
    own: Any, fallback: Any, which: Any, columns: tuple[str, ...], value: Any
) -> tuple[defaultdict[int, set[Any]], ...]:
    """Of the rows of two models with the same columns, what `value` makes of each, by document.

    One query: `own` first, then `fallback`.
    """
    parts = [
        model._default_manager.filter(**which)
        .annotate(model=Value(number))
        .values_list("model", "document", *columns)
        for number, model in enumerate((own, fallback))
    ]
    rows = list(parts[0].union(parts[1], all=True))
    return tuple(
        _grouped((rest for model, *rest in rows if model == number), value)
        for number in range(len(parts))
    )


def _grouped(rows: Iterable[Any], value: Any) -> defaultdict[int, set[Any]]:
    """Of rows that begin with a document, what `value` makes of the rest, by document."""
    found: defaultdict[int, set[Any]] = defaultdict(set)
    for document, *rest in rows:
        found[document].add(value(*rest))
    return found
