"""The query for the routes of an address."""
# ruff: noqa: S608 - see `queries`

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from wagtail_delivery.api.queries import connection as queries
from wagtail_delivery.api.queries.connection import DOCUMENTS, ROUTES, now, unexpired
from wagtail_delivery.api.queries.documents import StoredDocument, stored_document
from wagtail_delivery.api.queries.sql import markers


class StoredRoute(NamedTuple):
    """A route with its document; see `models.Route`."""

    path: str
    rank: int
    #: Whether it leads, or led, to a page; the target is then appended to that page's path.
    leads_to_page: bool
    target: str
    permanent: bool
    #: The present address of its document; empty if it has none.
    document_site: str
    document_path: str
    document: StoredDocument | None
    #: The default site as host:port; empty if it has no document.
    default_site: str


def routes(digests: Sequence[str], default_site: str) -> list[StoredRoute]:
    """The routes with these digests, by rank and the latest first.

    A document has its body only at its own address.
    """
    rows = queries.rows(
        "SELECT r.path, r.rank, r.resource_id <> '', r.target, r.permanent, d.site, d.path, "
        f"(SELECT MIN(s.site) FROM {DOCUMENTS} s "
        "WHERE s.collection = 'site' AND s.resource_id = %s), "
        "CASE WHEN d.path = r.path THEN d.body END, "
        "d.etag, d.surrogate_keys, d.locale, d.translation_at "
        f"FROM {ROUTES} r LEFT JOIN {DOCUMENTS} d ON d.id = r.document_id AND {unexpired('d')} "
        f"WHERE r.digest IN ({markers(digests)}) ORDER BY r.rank, r.id DESC",
        [default_site, now(), *digests],
    )
    return [
        StoredRoute(
            path,
            rank,
            bool(leads_to_page),
            target,
            bool(permanent),
            site or "",
            document_path or "",
            stored_document(body or b"", *rest) if document_path is not None else None,
            host or "",
        )
        for (
            path,
            rank,
            leads_to_page,
            target,
            permanent,
            site,
            document_path,
            host,
            body,
            *rest,
        ) in rows
    ]
