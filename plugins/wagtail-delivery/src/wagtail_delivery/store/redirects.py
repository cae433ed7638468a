"""What leads from an address where no page stands to a page, or to an address elsewhere.

Editors' redirects (`wagtail.contrib.redirects`), and the way from `/` to a site's home page where
that stands below the code of its language.
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

#: The address at which a visitor of a site begins.
ROOT_PATH = "/"
CHUNK = 500


@dataclass(frozen=True)
class RedirectRoute:
    """What a route is to be where no page stands; see `models.Route` for the members."""

    site: str
    path: str
    resource_id: str
    locale: str
    target: str
    permanent: bool


def redirect_addresses(redirect: Any, snapshot: SiteSnapshot) -> Iterator[Address]:
    """The addresses, as their routes are kept, that an editor's redirect leads from."""
    if redirect.site_id is None:
        sites = [*snapshot.sites.values(), DEFAULT_SITE]
    else:
        site = snapshot.sites.get(redirect.site_id)
        sites = sites_of(site, snapshot) if site else []
    for name in sites:
        for path in _endings(redirect.old_path):
            yield name, path


def addresses_of_redirects(**which: Any) -> set[Address]:
    """The addresses of the editors' redirects that the filter `which` finds, as things stand."""
    if not _has_redirects():
        return set()
    snapshot = SiteSnapshot()
    found = _redirects().filter(**which)
    return {address for redirect in found for address in redirect_addresses(redirect, snapshot)}


def reconcile_redirects(addresses: Collection[Address], snapshot: SiteSnapshot) -> None:
    """Let it be at `addresses`, where editors' redirects stood or are to stand, as they say now."""
    paths = {path for _, path in addresses}
    update_redirects(snapshot, paths)
    wanted = _wanted(snapshot, paths)
    for digest, route in _stored({route_digest(*address) for address in addresses}).items():
        if digest not in wanted and not is_taken(route, snapshot):
            route.delete()


def update_redirects(snapshot: SiteSnapshot, paths: Collection[str] | None = None) -> None:
    """Let all redirects, or those at `paths`, lead where they should.

    A page that stands at the address of one goes first, as in Wagtail.
    """
    for redirection, document in list(_misplaced(snapshot, paths)):
        Route.objects.update_or_create(
            digest=route_digest(redirection.site, redirection.path),
            defaults={**asdict(redirection), "document": document},
        )


def paths_that_lead_to(page_pk: Any) -> set[str]:
    """Where the editors' redirects to a page stand, on any site."""
    if not _has_redirects():
        return set()
    found = _redirects().filter(redirect_page=page_pk)
    return {path for redirect in found for path in _endings(redirect.old_path)}


def misplaced_redirects(snapshot: SiteSnapshot) -> Iterator[RedirectRoute]:
    """The redirects that do not lead where they should."""
    return (redirection for redirection, _ in _misplaced(snapshot, None))


def _misplaced(
    snapshot: SiteSnapshot, paths: Collection[str] | None
) -> Iterator[tuple[RedirectRoute, PublishedDocument | None]]:
    """Those redirects, each with the document that it should lead to.

    One that leads to nothing public has no route, or that a draft is there would be told; a route
    that led somewhere once stays, and tells that it is gone.
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
    """What is to be at the addresses of redirects, by digest, where no page stands.

    As in Wagtail, a redirect of one site goes before one of all sites.
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
    """From `/` to each site's home page, in the project's language where there is one.

    As Django's `i18n_patterns` does; not for good, for a page may stand at `/` one day.
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
    """The path below a routable page that a redirect names; empty where the page has no such."""
    if path:
        try:
            page.specific_deferred.resolve_subpage(path)
        except (AttributeError, Resolver404):
            return ""
    return path


def _endings(path: str) -> set[str]:
    """`path` without its last slash, and with it."""
    bare = path.rstrip("/")
    return {bare or ROOT_PATH, f"{bare}/"}


def _has_redirects() -> bool:
    return apps.is_installed("wagtail.contrib.redirects")


def _redirects() -> Any:
    from wagtail.contrib.redirects.models import Redirect

    return Redirect.objects.order_by(F("site_id").asc(nulls_first=True), "pk").select_related(
        "redirect_page"
    )
