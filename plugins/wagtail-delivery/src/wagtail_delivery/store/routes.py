"""Routes of pages: their present front-end addresses and their past ones, which are never deleted.

So they also tell whether a page ever had an address in public (`public_addresses`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

from wagtail.models import Site

from wagtail_delivery.content.snapshot import SiteSnapshot
from wagtail_delivery.identifiers import DEFAULT_SITE, Rank, route_digest
from wagtail_delivery.models import PublishedDocument, Route

#: `Route.origin` of the routes of pages.
PAGE_ORIGIN = ""
CHUNK = 500


def sites_of(site: str, snapshot: SiteSnapshot) -> list[str]:
    """The names of a site in the routes table: its own, and DEFAULT_SITE if it is the default."""
    return [site, DEFAULT_SITE] if site == snapshot.default_site else [site]


def update_routes(documents: Collection[PublishedDocument], snapshot: SiteSnapshot) -> None:
    """Let the addresses of `documents`, and all their past addresses, lead to them."""
    wanted = [
        (digest, site, document)
        for document in documents
        for digest, site in digests_of(document, snapshot).items()
    ]
    last = last_routes({digest for digest, *_ in wanted})
    missing = [
        (digest, site, document)
        for digest, site, document in wanted
        if digest not in last or last[digest].document_id != document.pk
    ]
    _renew([_route(digest, site, document) for digest, site, document in missing])
    _claim_past_routes(documents)


def _route(digest: str, site: str, document: PublishedDocument) -> Route:
    return Route(
        site=site,
        path=document.path,
        digest=digest,
        origin=PAGE_ORIGIN,
        rank=Rank.PAGE,
        document=document,
        resource_id=document.resource_id,
        locale=document.locale,
    )


def _renew(routes: Collection[Route]) -> None:
    """Store routes anew: of several pages, the one that was there last has the newest route."""
    if not routes:
        return
    identities = {(route.digest, route.resource_id, route.locale) for route in routes}
    stored = Route.objects.filter(digest__in={one for one, *_ in identities}, origin=PAGE_ORIGIN)
    columns = ("pk", "digest", "resource_id", "locale")
    old = [pk for pk, *which in stored.values_list(*columns) if tuple(which) in identities]
    if old:
        Route.objects.filter(pk__in=old).delete()
    Route.objects.bulk_create(routes)


def _claim_past_routes(documents: Collection[PublishedDocument]) -> None:
    """Let the routes of removed documents with the identities of `documents` lead to these."""
    by_identity = {(document.resource_id, document.locale): document for document in documents}
    stored = Route.objects.filter(
        document=None, resource_id__in={resource_id for resource_id, _ in by_identity}
    )
    claimed = []
    for route in stored:
        if document := by_identity.get((route.resource_id, route.locale)):
            route.document = document
            claimed.append(route)
    if claimed:
        Route.objects.bulk_update(claimed, ["document"], batch_size=CHUNK)


def keep_addresses(before: Site, after: Site) -> None:
    """Let the addresses that a site had lead on under the names that it gets, as they did before.

    `before` is its stored row, and `after` the row to be stored.
    """
    for name in sorted(_names(after) - _names(before)):
        rows = Route.objects.filter(site=_host(before), origin=PAGE_ORIGIN).order_by("pk")
        for route in rows:
            route.pk, route._state.adding = None, True
            route.site, route.digest = name, route_digest(name, route.path)
        Route.objects.bulk_create(rows, batch_size=CHUNK, ignore_conflicts=True)


def _host(site: Site) -> str:
    return f"{site.hostname}:{site.port}"


def _names(site: Site) -> set[str]:
    return {_host(site), DEFAULT_SITE} if site.is_default_site else {_host(site)}


def public_addresses(resource_ids: Iterable[str]) -> dict[tuple[str, str], set[str]]:
    """The digests of all addresses that pages ever had in public, by resource and locale."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for chunk in chunks(resource_ids):
        rows = Route.objects.filter(origin=PAGE_ORIGIN, resource_id__in=chunk)
        for resource_id, locale, digest in rows.values_list("resource_id", "locale", "digest"):
            found[resource_id, locale].add(digest)
    return found


def chunks(values: Iterable[str]) -> Iterator[list[str]]:
    """`values` in lists that fit into a query, sorted."""
    ordered = sorted(values)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]


def digests_of(document: PublishedDocument, snapshot: SiteSnapshot) -> dict[str, str]:
    """The digests of the document's address, each with its name of the site."""
    return {route_digest(site, document.path): site for site in sites_of(document.site, snapshot)}


def last_routes(digests: Collection[str]) -> dict[str, Route]:
    """The route of the page that is or was last at each of `digests`."""
    if not digests:
        return {}
    rows = Route.objects.filter(digest__in=digests, origin=PAGE_ORIGIN).order_by("pk")
    return {route.digest: route for route in rows}
