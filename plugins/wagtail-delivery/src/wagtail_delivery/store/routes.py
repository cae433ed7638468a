"""Routes of pages: their present front-end addresses and their past ones, which are never deleted.

So they also tell whether a page ever had an address in public (`public_addresses`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from operator import attrgetter
from typing import TypeVar

from django.db.models import Q
from wagtail.models import Site

from wagtail_delivery.content.snapshot import SiteSnapshot
from wagtail_delivery.hashes import address_hash
from wagtail_delivery.identifiers import DEFAULT_SITE, PAGES, Rank
from wagtail_delivery.models import PublishedDocument, Route
from wagtail_delivery.store.rows import delete_rows, insert_rows

#: `Route.origin` of the routes of pages.
PAGE_ORIGIN = ""
CHUNK = 500
COLUMNS = [each.attname for each in Route._meta.concrete_fields if not each.primary_key]
#: Site and path.
Address = tuple[str, str]
Value = TypeVar("Value", str, int, Address)


def sites_of(site: str, snapshot: SiteSnapshot) -> list[str]:
    """The names of a site in the routes table: its own, and DEFAULT_SITE if it is the default."""
    return [site, DEFAULT_SITE] if site == snapshot.default_site else [site]


def update_routes(documents: Collection[PublishedDocument], snapshot: SiteSnapshot) -> set[int]:
    """Let the addresses of `documents`, and all their past addresses, lead to them.

    Returns the primary keys of those that got back past addresses of removed documents.
    """
    wanted = [
        (address, document)
        for document in documents
        for address in addresses_of(document, snapshot)
    ]
    stored = _routes_of({address for address, _ in wanted}, documents)
    last = _last(route for route in stored if route.origin == PAGE_ORIGIN)
    new = [
        _route(*address, document)
        for address, document in wanted
        if address not in last or last[address].document_id != document.pk
    ]
    renewed = _renew(new, stored)
    past = (route for route in stored if route.document_id is None and route.pk not in renewed)
    return _claim(past, documents)


def _routes_of(
    addresses: Collection[Address], documents: Collection[PublishedDocument]
) -> list[Route]:
    """The routes of pages at `addresses`, and those of removed documents that are these pages'.

    The earliest come first.
    """
    if not documents:
        return []
    past = Q(document=None, resource_id__in={each.resource_id for each in documents})
    return list(Route.objects.filter(_pages_at(addresses) | past).order_by("pk"))


def _route(site: str, path: str, document: PublishedDocument) -> Route:
    return Route(
        site=site,
        path=path,
        address=address_hash(site, path),
        origin=PAGE_ORIGIN,
        rank=Rank.PAGE,
        document=document,
        resource_id=document.resource_id,
        locale=document.locale,
    )


def _renew(routes: Collection[Route], stored: Iterable[Route]) -> set[int]:
    """Store routes anew: of several pages, the one that was there last has the newest route.

    Returns the primary keys of those among `stored` that it replaces.
    """
    identities = {_identity(route) for route in routes}
    old = {
        route.pk
        for route in stored
        if route.origin == PAGE_ORIGIN and _identity(route) in identities
    }
    if old:
        delete_rows(Route.objects.filter(pk__in=old))
    insert_rows(Route, COLUMNS, map(attrgetter(*COLUMNS), routes))
    return old


def _identity(route: Route) -> tuple[str, ...]:
    """What no two routes of pages have in common."""
    return route.site, route.path, route.resource_id, route.locale


def _claim(past: Iterable[Route], documents: Collection[PublishedDocument]) -> set[int]:
    """Let those of the `past` routes that have the identities of `documents` lead to these."""
    by_identity = {(document.resource_id, document.locale): document for document in documents}
    claimed = []
    for route in past:
        if document := by_identity.get((route.resource_id, route.locale)):
            route.document = document
            claimed.append(route)
    if claimed:
        Route.objects.bulk_update(claimed, ["document"], batch_size=CHUNK)
    return {route.document_id for route in claimed if route.document_id is not None}


def keep_addresses(before: Site, after: Site) -> None:
    """Let the addresses that a site had lead on under the names that it gets, as they did before.

    `before` is its stored row, and `after` the row to be stored.
    """
    for name in sorted(_names(after) - _names(before)):
        pages = Route.objects.filter(origin=PAGE_ORIGIN)
        there = set(map(_identity, pages.filter(site=name)))
        rows = list(pages.filter(site=_host(before)).order_by("pk"))
        for route in rows:
            route.pk, route._state.adding = None, True
            route.site, route.address = name, address_hash(name, route.path)
        new = [route for route in rows if _identity(route) not in there]
        Route.objects.bulk_create(new, batch_size=CHUNK)


def _host(site: Site) -> str:
    return f"{site.hostname}:{site.port}"


def _names(site: Site) -> set[str]:
    return {_host(site), DEFAULT_SITE} if site.is_default_site else {_host(site)}


def public_addresses(resource_ids: Iterable[str]) -> dict[tuple[str, str], set[Address]]:
    """All addresses that pages ever had in public, by resource and locale."""
    found: dict[tuple[str, str], set[Address]] = defaultdict(set)
    pages = Route.objects.filter(origin=PAGE_ORIGIN)
    columns = ("resource_id", "locale", "site", "path")
    for chunk in chunks(resource_ids):
        documents = PublishedDocument.objects.filter(collection=PAGES, resource_id__in=chunk)
        present = pages.filter(document__in=documents.values("pk")).values_list(*columns)
        past = pages.filter(document=None, resource_id__in=chunk).values_list(*columns)
        for resource_id, locale, site, path in present.union(past, all=True):
            found[resource_id, locale].add((site, path))
    return found


def chunks(values: Iterable[Value]) -> Iterator[list[Value]]:
    """`values` in lists that fit into a query, sorted."""
    ordered = sorted(values)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]


def addresses_of(document: PublishedDocument, snapshot: SiteSnapshot) -> list[Address]:
    """The addresses of a document: one with each name of its site."""
    return [(site, document.path) for site in sites_of(document.site, snapshot)]


def last_routes(addresses: Collection[Address]) -> dict[Address, Route]:
    """The route of the page that is or was last at each of `addresses`."""
    if not addresses:
        return {}
    return _last(Route.objects.filter(_pages_at(addresses)).order_by("pk"))


def _pages_at(addresses: Iterable[Address]) -> Q:
    """Routes of pages at `addresses`, and perhaps some at others."""
    hashes = {address_hash(*address) for address in addresses}
    return Q(address__in=hashes, origin=PAGE_ORIGIN)


def _last(routes: Iterable[Route]) -> dict[Address, Route]:
    """The last of `routes` at each address."""
    return {(route.site, route.path): route for route in routes}
