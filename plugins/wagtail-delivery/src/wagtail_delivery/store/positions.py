"""The places of pages in lists, updated without compiling anything.

A page that is added or moved before others gives each of them, and all that is below them, another
tree path. No document shows it. Lists are ordered by it.
"""

# ruff: noqa: S608 - the names of tables are the code's own

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from django.db import connection
from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import Cast, Concat
from wagtail.models import Page

from wagtail_delivery.content.tree_positions import below, following, positions_below
from wagtail_delivery.identifiers import PAGES
from wagtail_delivery.models import DocumentKey
from wagtail_delivery.sort_keys import sort_key
from wagtail_delivery.store.change_log import log_rearranged

POSITION, SOURCE_POSITION = "position", "source_position"


def update_positions(paths: Collection[str]) -> None:
    """Give the documents of the pages below `paths`, and of their translations, their places.

    The number of queries does not grow with the number of pages.
    """
    if paths:
        _write(list(_wrong_keys(following(paths))))


def _wrong_keys(paths: Collection[str]) -> Iterator[tuple[int, bytes]]:
    """The primary keys of the wrong keys of documents, with the values that they should have."""
    pages = Page.objects.filter(below(paths)).annotate(source=_source())
    positions = positions_below(paths)
    path_of = dict(pages.values_list("source", "path"))
    for pk, name, value, source in _keys(pages):
        path = path_of[source]
        wanted = sort_key(path if name == POSITION else positions[path])
        if bytes(value) != wanted:
            yield pk, wanted


def _source() -> Concat:
    """A page's source, as `compiler.documents.source_of` makes it."""
    model = ("content_type__app_label", Value("."), "content_type__model")
    return Concat(*model, Value(":"), Cast("pk", CharField()))


def _keys(pages: QuerySet[Any]) -> QuerySet[Any]:
    keys = DocumentKey.objects.filter(
        collection=PAGES,
        name__in=[POSITION, SOURCE_POSITION],
        document__source__in=pages.order_by().values("source"),
    )
    return keys.values_list("pk", "name", "value", "document__source")


def _write(rows: list[tuple[int, bytes]]) -> None:
    if not rows:
        return
    log_rearranged([PAGES])
    table = connection.ops.quote_name(DocumentKey._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            keys, values = zip(*rows, strict=True)
            cursor.execute(
                f"UPDATE {table} SET value = new.value "
                "FROM unnest(%s::bigint[], %s::bytea[]) AS new(id, value) "
                f"WHERE {table}.id = new.id",
                [list(keys), list(values)],
            )
        else:
            # SQLite prepares it once; there is no connection to wait for.
            cursor.executemany(
                f"UPDATE {table} SET value = %s WHERE id = %s", [(value, pk) for pk, value in rows]
            )
