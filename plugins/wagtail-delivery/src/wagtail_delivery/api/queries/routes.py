"""The query for the routes of an address."""
# ruff: noqa: S608 - see `queries`

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from wagtail_delivery.api.queries import connection as queries
from wagtail_delivery.api.queries.connection import (
    DOCUMENTS,
    FALLBACKS,
    ROUTES,
    SEQUENCE,
    now,
    unexpired,
)
from wagtail_delivery.api.queries.documents import StoredDocument, stored_document
from wagtail_delivery.api.queries.sql import markers
from wagtail_delivery.hashes import address_hash
from wagtail_delivery.identifiers import PAGES, Rank


class StoredRoute(NamedTuple):
    """A route with its document; see `models.Route`."""

    path: str
    rank: int
    #: If the route leads to a page, this is appended to that page's path.
    target: str
    permanent: bool
    #: The page that it leads or led to; empty if it leads to an address.
    resource_id: str
    locale: str
    #: The present address of its document; empty if it has none.
    document_site: str
    document_path: str
    document: StoredDocument | None
    #: The default site as host:port; empty if it has no document.
    default_site: str


class PageAbove(NamedTuple):
    """A page that is above an address: its path and locale, and its path in the fallback."""

    path: str
    locale: str
    fallback_path: str


class FallbackPage(NamedTuple):
    """A page in the fallback, for an address in another locale."""

    document: StoredDocument
    #: Its path in that other locale; empty if it is not public there.
    translated_path: str


#: The default site as host:port, whose name is the parameter.
_DEFAULT_SITE = (
    f"(SELECT MIN(s.site) FROM {DOCUMENTS} s WHERE s.collection = 'site' AND s.resource_id = %s)"
)


def _at(paths: Sequence[str]) -> str:
    """The condition that a route has one of these addresses, with `_addresses` as parameters."""
    marks = markers(paths)
    return f"r.address IN ({marks}) AND r.site = %s AND r.path IN ({marks})"


def _addresses(site: str, paths: Sequence[str]) -> list[Any]:
    return [*(address_hash(site, path) for path in paths), site, *paths]


def routes(
    site: str, paths: Sequence[str], default_site: str, fallback: str = ""
) -> list[StoredRoute]:
    """The routes of these addresses, by rank and the latest first.

    A document has its body only at its own address. With `fallback`, that has content in this
    locale where there is none in the document's own.
    """
    body, etag, translation_at, join = "d.body", "d.etag", "d.translation_at", ""
    fallbacks = [fallback] if fallback else []
    if fallback:
        body, etag, translation_at = (
            f"COALESCE(f.{column}, d.{column})" for column in ("body", "etag", "translation_at")
        )
        join = f"LEFT JOIN {FALLBACKS} f ON f.document_id = d.id AND f.locale = %s "
    rows = queries.rows_at_sequence(
        "SELECT s.sequence, r.path, r.rank, r.target, r.permanent, r.resource_id, r.locale, "
        f"d.site, d.path, {_DEFAULT_SITE}, CASE WHEN d.path = r.path THEN {body} END, "
        f"{etag}, d.surrogate_keys, d.locale, {translation_at}, d.expires_at "
        f"FROM {SEQUENCE} s LEFT JOIN {ROUTES} r ON {_at(paths)} "
        f"LEFT JOIN {DOCUMENTS} d ON d.id = r.document_id AND {unexpired('d')} "
        f"{join}ORDER BY r.rank, r.id DESC",
        [default_site, *_addresses(site, paths), now(), *fallbacks],
    )
    return [
        StoredRoute(
            path,
            rank,
            target,
            bool(permanent),
            resource_id,
            locale,
            site or "",
            document_path or "",
            stored_document(body or b"", *rest) if document_path is not None else None,
            host or "",
        )
        for (
            path,
            rank,
            target,
            permanent,
            resource_id,
            locale,
            site,
            document_path,
            host,
            body,
            *rest,
        ) in rows
        if path is not None
    ]


def page_above(site: str, paths: Sequence[str], fallback: str) -> PageAbove | None:
    """The lowest page that is at one of these addresses and is public in `fallback`."""
    rows = queries.rows(
        f"SELECT d.path, d.locale, f.path FROM {ROUTES} r "
        f"JOIN {DOCUMENTS} d ON d.id = r.document_id AND d.path = r.path AND {unexpired('d')} "
        f"JOIN {DOCUMENTS} f ON f.collection = d.collection AND f.resource_id = d.resource_id "
        f"AND f.locale = %s AND f.site = d.site AND {unexpired('f')} "
        f"WHERE {_at(paths)} AND r.rank = %s "
        "ORDER BY LENGTH(d.path) DESC LIMIT 1",
        [now(), fallback, now(), *_addresses(site, paths), int(Rank.PAGE)],
    )
    return PageAbove(*rows[0]) if rows else None


def fallback_at(site: str, paths: Sequence[str], locale: str, fallback: str) -> FallbackPage | None:
    """The page in `fallback` that is at one of these addresses."""
    return _fallback_page(locale, fallback, _at(paths), _addresses(site, paths))


def fallback_of(resource_id: str, site: str, locale: str, fallback: str) -> FallbackPage | None:
    """The page `resource_id` in `fallback`, if it is on `site`; "" is the default site."""
    which = "f.collection = %s AND f.resource_id = %s AND r.site = %s"
    return _fallback_page(locale, fallback, which, [PAGES, resource_id, site])


def _fallback_page(
    locale: str, fallback: str, which: str, parameters: Sequence[Any]
) -> FallbackPage | None:
    rows = queries.rows(
        "SELECT d.path, f.body, f.etag, f.surrogate_keys, f.locale, f.translation_at, "
        f"f.expires_at FROM {ROUTES} r "
        f"JOIN {DOCUMENTS} f ON f.id = r.document_id AND f.path = r.path AND {unexpired('f')} "
        f"LEFT JOIN {DOCUMENTS} d ON d.collection = f.collection "
        f"AND d.resource_id = f.resource_id AND d.locale = %s AND {unexpired('d')} "
        f"WHERE r.rank = %s AND f.locale = %s AND {which} LIMIT 1",
        [now(), locale, now(), int(Rank.PAGE), fallback, *parameters],
    )
    if not rows:
        return None
    translated_path, *document = rows[0]
    return FallbackPage(stored_document(*document), translated_path or "")
