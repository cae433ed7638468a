"""The places of pages in lists, updated without compiling anything.

A page that is added or moved before others gives each of them, and all that is below them, another
tree path. No document shows it. Lists are ordered by it.
"""

# ruff: noqa: S608 - the names of tables are the code's own

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from django.db import connection
from django.db.models import CharField, Model, Value
from django.db.models.functions import Cast, Concat
from wagtail.models import Page

from wagtail_delivery.content.tree_positions import (
    below,
    following,
    positions_below,
    tree_key,
)
from wagtail_delivery.hashes import Scope, fallback_hash, list_hash
from wagtail_delivery.identifiers import DEFAULT, PAGES
from wagtail_delivery.models import DocumentOrder, FallbackOrder, PublishedDocument
from wagtail_delivery.store.change_log import log_rearranged
from wagtail_delivery.store.fallback_rows import content_codes
from wagtail_delivery.store.rows import table_of

POSITION, SOURCE_POSITION = "position", "source_position"


def update_positions(paths: Collection[str]) -> None:
    """Give the documents of the pages below `paths`, and of their translations, their places.

    The number of queries does not grow with the number of pages.
    """
    if paths:
        _write([*_wrong_rows(following(paths))])


@dataclass(frozen=True)
class _Row:
    """The primary key of a wrong row, and the value that it should have."""

    list: int
    value: bytes
    document: int
    wanted: bytes


def _wrong_rows(paths: Collection[str]) -> Iterator[_Row]:
    pages = Page.objects.filter(below(paths)).annotate(source=_source())
    positions = positions_below(paths)
    path_of = dict(pages.values_list("source", "path"))
    documents = PublishedDocument.objects.filter(source__in=pages.order_by().values("source"))
    columns = list(documents.values_list("pk", "source", "site", "locale"))
    source_of = {pk: source for pk, source, *_ in columns}
    names = _lists({(site, locale) for *_, site, locale in columns})
    rows = DocumentOrder.objects.filter(list__in=names, document__in=documents.values("pk"))
    for number, value, document in rows.values_list("list", "value", "document"):
        # Another process may have stored a document in the meantime, with its place.
        if document in source_of:
            path = path_of[source_of[document]]
            wanted = tree_key(path if names[number] == POSITION else positions[path])
            if bytes(value) != wanted:
                yield _Row(number, bytes(value), document, wanted)


def _lists(places: Collection[tuple[str, str]]) -> dict[int, str]:
    """The lists of pages in the order of places that these sites and locales may have, and which
    order each has."""
    return {
        list_hash(Scope(PAGES, name, locale), order): order
        for site, locale in places
        for name in (site, DEFAULT)
        for order in (POSITION, SOURCE_POSITION)
    }


def _source() -> Concat:
    """A page's source, as `compiler.documents.source_of` makes it."""
    model = ("content_type__app_label", Value("."), "content_type__model")
    return Concat(*model, Value(":"), Cast("pk", CharField()))


def _write(rows: list[_Row]) -> None:
    if not rows:
        return
    log_rearranged([PAGES])
    _update(DocumentOrder, rows)
    # A page that is translated everywhere has none of these.
    elsewhere = [
        replace(row, list=fallback_hash(row.list, code)) for code in content_codes() for row in rows
    ]
    if elsewhere:
        _update(FallbackOrder, elsewhere)


def _update(model: type[Model], rows: list[_Row]) -> None:
    """Give those of `rows` that there are in a table of orders their values."""
    table = table_of(model)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"UPDATE {table} SET value = new.wanted "
                "FROM unnest(%s::bigint[], %s::bytea[], %s::bigint[], %s::bytea[]) "
                "AS new(list, value, document, wanted) WHERE "
                f"{table}.list = new.list AND {table}.value = new.value "
                f"AND {table}.document_id = new.document",
                [
                    [row.list for row in rows],
                    [row.value for row in rows],
                    [row.document for row in rows],
                    [row.wanted for row in rows],
                ],
            )
        else:
            # SQLite prepares it once; there is no connection to wait for.
            cursor.executemany(
                f"UPDATE {table} SET value = %s "
                "WHERE list = %s AND value = %s AND document_id = %s",
                [(row.wanted, row.list, row.value, row.document) for row in rows],
            )
