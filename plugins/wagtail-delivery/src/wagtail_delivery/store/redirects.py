"""Routes of addresses without a page, which lead to a page or to another address.

They are the editors' redirects (`wagtail.contrib.redirects`), and the redirect from `/` to a site's
home page if that page's path has a language code.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import F
from django.urls import Resolver404
from wagtail.coreutils import get_supported_content_language_variant
from wagtail.models import Page, Site

from wagtail_delivery.content.identity import identity_of
from wagtail_delivery.content.snapshot import Address, SiteSnapshot
from wagtail_delivery.identifiers import DEFAULT_SITE, PAGES, route_digest
from wagtail_delivery.models import PublishedDocument, Route
from wagtail_delivery.schema.registry import content_types
from wagtail_delivery.store.routes import is_taken, sites_of

#: The address of a site itself.
ROOT_PATH = "/"
CHUNK = 500


@dataclass(frozen=True)
class RedirectRoute:
    """A route without a page, as it should be stored; see `models.Route` for the members."""

    site: str
    path: str
    resource_id: str
    locale: str
    target: str
    permanent: bool


def redirect_addresses(redirect: Any, snapshot: SiteSnapshot) -> Iterator[Address]:
    """The addresses of an editor's redirect, one for each of its routes."""
    if redirect.site_id is None:
        sites = [*snapshot.sites.values(), DEFAULT_SITE]
    else:
        site = snapshot.sites.get(redirect.site_id)
        sites = sites_of(site, snapshot) if site else []
    for name in sites:
        for path in _endings(redirect.old_path):
            yield name, path


def addresses_of_redirects(**which: Any) -> set[Address]:
    """The present addresses of the editors' redirects that match the filter `which`."""
    if not _has_redirects():
        return set()
    snapshot = SiteSnapshot()
    found = _redirects().filter(**which)
    return {address for redirect in found for address in redirect_addresses(redirect, snapshot)}


def reconcile_redirects(addresses: Collection[Address], snapshot: SiteSnapshot) -> None:
    """Update the routes at `addresses`, where editors' redirects are, were or will be."""
    paths = {path for _, path in addresses}
    update_redirects(snapshot, paths)
    wanted = _wanted(snapshot, paths)
    for digest, route in _stored({route_digest(*address) for address in addresses}).items():
        if digest not in wanted and not is_taken(route, snapshot):
            route.delete()


def update_redirects(snapshot: SiteSnapshot, paths: Collection[str] | None = None) -> None:
    """Update the routes of all redirects, or of those at `paths`.

    A page at the address of a redirect takes precedence, as in Wagtail.
    """
    for redirection, document in list(_misplaced(snapshot, paths)):
        Route.objects.update_or_create(
            digest=route_digest(redirection.site, redirection.path),
            defaults={**asdict(redirection), "document": document},
        )


def paths_that_lead_to(page_pk: Any) -> set[str]:
    """The paths of the editors' redirects to a page, on any site."""
    if not _has_redirects():
        return set()
    found = _redirects().filter(redirect_page=page_pk)
    return {path for redirect in found for path in _endings(redirect.old_path)}


def misplaced_redirects(snapshot: SiteSnapshot) -> Iterator[RedirectRoute]:
    """The redirects whose routes are missing or wrong."""
    return (redirection for redirection, _ in _misplaced(snapshot, None))


def _misplaced(
    snapshot: SiteSnapshot, paths: Collection[str] | None
) -> Iterator[tuple[RedirectRoute, PublishedDocument | None]]:
    """Those redirects, each with the document that it should lead to.

    A redirect to a page that was never public has no route, which would reveal the draft. A route
    to a page that was public remains, and answers 410.
    """
    wanted = _wanted(snapshot, paths)
    stored = _stored(wanted)
    documents = _documents({redirection.resource_id for redirection in wanted.values()})
    for digest, redirection in wanted.items():
        route = stored.get(digest)
        document = documents.get((redirection.resource_id, redirection.locale))
        if route is None and redirection.resource_id and document is None:
            continue
        if route is None or not (
            is_taken(route, snapshot)
            or (_as_stored(route) == redirection and route.document == document)
        ):
            yield redirection, document


def _as_stored(route: Route) -> RedirectRoute:
    return RedirectRoute(**{part.name: getattr(route, part.name) for part in fields(RedirectRoute)})


def _stored(digests: Iterable[str]) -> dict[str, Route]:
    routes = Route.objects.select_related("document").defer("document__body", "document__card")
    return {
        route.digest: route
        for chunk in _chunks(digests)
        for route in routes.filter(digest__in=chunk)
    }


def _documents(resource_ids: Iterable[str]) -> dict[tuple[str, str], PublishedDocument]:
    documents = PublishedDocument.objects.filter(collection=PAGES).defer("body", "card")
    return {
        (document.resource_id, document.locale): document
        for chunk in _chunks(resource_ids)
        for document in documents.filter(resource_id__in=chunk)
    }


def _chunks(values: Iterable[str]) -> Iterator[list[str]]:
    ordered = sorted(values)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]


def _wanted(snapshot: SiteSnapshot, paths: Collection[str] | None) -> dict[str, RedirectRoute]:
    """The routes that the redirects should have, by digest.

    As in Wagtail, a redirect of one site takes precedence over one of all sites.
    """
    found = list(_to_home(snapshot)) if paths is None or ROOT_PATH in paths else []
    if _has_redirects():
        redirects = _redirects()
        if paths is not None:
            redirects = redirects.filter(
                old_path__in={ending for path in paths for ending in _endings(path)}
            )
        for redirect in redirects:
            found += _of_editor(redirect, snapshot)
    return {route_digest(wanted.site, wanted.path): wanted for wanted in found}


def _of_editor(redirect: Any, snapshot: SiteSnapshot) -> Iterator[RedirectRoute]:
    resource_id, locale, target = "", "", redirect.redirect_link
    page = redirect.redirect_page
    if page is not None:
        resource_id, locale = identity_of(page), snapshot.language_of(page)
        target = _route_on_page(page, redirect.redirect_page_route_path)
    for site, path in redirect_addresses(redirect, snapshot):
        yield RedirectRoute(site, path, resource_id, locale, target, redirect.is_permanent)


def _to_home(snapshot: SiteSnapshot) -> Iterator[RedirectRoute]:
    """From `/` to each site's home page, in the project's language if it exists.

    As Django's `i18n_patterns` does. Not permanent, because a page may be published at `/`.
    """
    language = get_supported_content_language_variant(settings.LANGUAGE_CODE)
    for site in Site.objects.order_by("pk").select_related("root_page"):
        home = snapshot.public_counterpart(site.root_page, language)
        home = home or snapshot.public_counterpart(site.root_page, "")
        if home is None or content_types().of_instance(home) is None:
            continue
        for name in sites_of(snapshot.sites[site.pk], snapshot):
            yield RedirectRoute(
                name, ROOT_PATH, identity_of(home), snapshot.language_of(home), "", permanent=False
            )


def _route_on_page(page: Page, path: str) -> str:
    """The path below a routable page that a redirect names; empty if the page lacks it."""
    if path:
        try:
            page.specific_deferred.resolve_subpage(path)
        except (AttributeError, Resolver404):
            return ""
    return path


def _endings(path: str) -> set[str]:
    """`path` without a trailing slash, and with one."""
    bare = path.rstrip("/")
    return {bare or ROOT_PATH, f"{bare}/"}


def _has_redirects() -> bool:
    return apps.is_installed("wagtail.contrib.redirects")


def _redirects() -> Any:
    from wagtail.contrib.redirects.models import Redirect

    return Redirect.objects.order_by(F("site_id").asc(nulls_first=True), "pk").select_related(
        "redirect_page"
    )
