"""Routes of pages: their present front-end addresses and their past ones.

A page takes precedence over an editor's redirect at the same address (see `redirects`).
"""

from __future__ import annotations

from wagtail_delivery.content.snapshot import SiteSnapshot
from wagtail_delivery.identifiers import DEFAULT_SITE, route_digest
from wagtail_delivery.models import PublishedDocument, Route


def sites_of(site: str, snapshot: SiteSnapshot) -> list[str]:
    """The names of a site in the routes table: its own, and DEFAULT_SITE if it is the default."""
    return [site, DEFAULT_SITE] if site == snapshot.default_site else [site]


def update_routes(document: PublishedDocument, snapshot: SiteSnapshot) -> None:
    """Let the document's address, and all its past addresses, lead to it."""
    for site in sites_of(document.site, snapshot):
        Route.objects.update_or_create(
            digest=route_digest(site, document.path),
            defaults={
                "site": site,
                "path": document.path,
                "resource_id": document.resource_id,
                "locale": document.locale,
                "document": document,
                "target": "",
                "permanent": True,
            },
        )
    Route.objects.filter(
        resource_id=document.resource_id, locale=document.locale, document=None
    ).update(document=document)


def has_its_routes(document: PublishedDocument, snapshot: SiteSnapshot) -> bool:
    """Whether the document's address leads to it."""
    digests = [route_digest(site, document.path) for site in sites_of(document.site, snapshot)]
    return Route.objects.filter(digest__in=digests, document=document).count() == len(digests)


def is_taken(route: Route, snapshot: SiteSnapshot) -> bool:
    """Whether `route` is the present address of a page."""
    document = route.document
    return (
        document is not None
        and document.path == route.path
        and route.site in sites_of(document.site, snapshot)
    )
