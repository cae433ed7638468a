"""The queries for one document."""
# ruff: noqa: S608 - see `queries`

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any, NamedTuple

from wagtail_delivery.api.queries import connection as queries
from wagtail_delivery.api.queries.connection import (
    DOCUMENTS,
    FALLBACKS,
    SEQUENCE,
    moment,
    now,
    unexpired,
)
from wagtail_delivery.api.queries.sql import markers
from wagtail_delivery.identifiers import PAGES, SITE
from wagtail_delivery.models import decompress


class StoredDocument(NamedTuple):
    """The columns that a response needs; see `models.PublishedDocument`."""

    body: bytes
    etag: str
    surrogate_keys: str
    locale: str
    translation_at: int
    expires_at: datetime.datetime | None = None


_COLUMNS = "d.body, d.etag, d.surrogate_keys, d.locale, d.translation_at, d.expires_at"
#: The same, of the body with the fallback's content if there is one.
_COLUMNS_OR_FALLBACK = (
    "COALESCE(f.body, d.body), COALESCE(f.etag, d.etag), d.surrogate_keys, d.locale, "
    "COALESCE(f.translation_at, d.translation_at), d.expires_at"
)


#: Always true of what is asked for by its slug: the index of slugs is without pages, and PostgreSQL
#: does not see this in a parameter.
_NO_PAGE = f"collection <> '{PAGES}'"


def document_by_id(
    collection: str, resource_id: str, locales: Sequence[str]
) -> StoredDocument | None:
    """The document with an id in the first of `locales` that has it, or None."""
    if len(locales) == 1:
        # At most one row, and PostgreSQL plans it in a fifth of the time.
        return _document_in(
            f"SELECT s.sequence, {_COLUMNS} FROM {SEQUENCE} s LEFT JOIN {DOCUMENTS} d "
            f"ON d.collection = %s AND d.resource_id = %s AND d.locale = %s AND {unexpired('d')}",
            [collection, resource_id, locales[0], now()],
        )
    return _first_document(collection, locales, "d.resource_id = %s", [resource_id], resource_id)


def document_by_id_or_slug(
    collection: str, name: str, locales: Sequence[str]
) -> StoredDocument | None:
    """As `document_by_id`, with `name` as the id or else as the slug.

    Slugs may differ from locale to locale: a slug in any of `locales` identifies the document.
    """
    if len(locales) == 1:
        return _first_document(
            collection,
            locales,
            f"(d.resource_id = %s OR d.slug = %s) AND d.{_NO_PAGE}",
            [name, name],
            name,
        )
    which = (
        f"d.resource_id IN (SELECT %s UNION SELECT s.resource_id FROM {DOCUMENTS} s "
        f"WHERE s.collection = %s AND s.{_NO_PAGE} AND s.slug = %s "
        f"AND s.locale IN ({markers(locales)}))"
    )
    return _first_document(collection, locales, which, [name, collection, name, *locales], name)


def site_document(site: str, locales: Sequence[str]) -> StoredDocument | None:
    """The document of `site`: host:port, or the id of the default site."""
    return _first_document(SITE, locales, "(d.resource_id = %s OR d.site = %s)", [site, site], site)


def _first_document(
    collection: str, locales: Sequence[str], which: str, parameters: Sequence[str], first_id: str
) -> StoredDocument | None:
    """The best document that satisfies `which`: preferably with `first_id`, in the first locale."""
    columns, join, fallback = _COLUMNS, " ", locales[1:]
    if fallback:
        columns = _COLUMNS_OR_FALLBACK
        join = f" LEFT JOIN {FALLBACKS} f ON f.document_id = d.id AND f.locale = %s "
    return _document_in(
        f"SELECT s.sequence, {columns} FROM {SEQUENCE} s LEFT JOIN {DOCUMENTS} d "
        f"ON d.collection = %s AND d.locale IN ({markers(locales)}) AND {which} "
        f"AND {unexpired('d')}{join}"
        "ORDER BY (d.resource_id = %s) DESC, (d.locale = %s) DESC, d.resource_id LIMIT 1",
        [collection, *locales, *parameters, now(), *fallback, first_id, locales[0]],
    )


def _document_in(sql: str, parameters: Sequence[Any]) -> StoredDocument | None:
    """The document in the one row of a query, which has no body if there is none."""
    [row] = queries.rows_at_sequence(sql, parameters)
    return stored_document(*row) if row[0] is not None else None


def stored_document(
    body: Any,
    etag: str,
    surrogate_keys: str,
    locale: str,
    translation_at: int,
    expires_at: datetime.datetime | None,
) -> StoredDocument:
    return StoredDocument(
        body and decompress(body), etag, surrogate_keys, locale, translation_at, moment(expires_at)
    )


def home_cards(default_site: str) -> dict[str, bytes]:
    """The cards of the home pages of the default site, by locale."""
    rows = queries.rows_at_sequence(
        f"SELECT s.sequence, d.locale, d.card FROM {SEQUENCE} s LEFT JOIN {DOCUMENTS} d "
        f"ON d.collection = 'site' AND d.resource_id = %s AND {unexpired('d')}",
        [default_site, now()],
    )
    return {locale: bytes(card) for locale, card in rows if card is not None}
