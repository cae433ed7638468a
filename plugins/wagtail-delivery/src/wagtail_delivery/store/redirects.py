"""Routes of addresses that lead to a page or to another address without being a page's own.

They are the editors' redirects (`wagtail.contrib.redirects`), and the redirect from `/` to a site's
home page if that page's path has a language code.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from django.apps import apps
from django.urls import Resolver404
from wagtail.models import Page, Site

from wagtail_delivery.addresses import (
    ROOT_PATH,
    canonical_link,
    canonical_path,
    redirected_address,
    split_address,
)
from wagtail_delivery.compiler.sites import SITE_SOURCE
from wagtail_delivery.content.identity import identity_of
from wagtail_delivery.content.snapshot import SiteSnapshot
from wagtail_delivery.hashes import address_hash
from wagtail_delivery.identifiers import DEFAULT_SITE, PAGES, Rank
from wagtail_delivery.locales import first_language
from wagtail_delivery.models import PublishedDocument, Route
from wagtail_delivery.schema.registry import content_types
from wagtail_delivery.store.change_log import log_rearranged
from wagtail_delivery.store.routes import PAGE_ORIGIN, Address, chunks, public_addresses, sites_of
from wagtail_delivery.surrogate_keys import path_key

#: `Route.origin` of the redirects from `/`; editors' redirects have this prefix and their key.
HOME_ORIGIN = "home"
_REDIRECT_ORIGIN = "redirect:"


@dataclass(frozen=True)
class RedirectRoute:
    """A route without a page of its own; see `models.Route` for the members."""

    site: str
    path: str
    resource_id: str
    locale: str
    target: str
    permanent: bool
    rank: int


def keys_of_redirects(**which: Any) -> set[int]:
    """The primary keys of the editors' redirects that match the filter `which`."""
    return set(_redirects().filter(**which).values_list("pk", flat=True)) if _exist() else set()


def from_public_addresses(redirects: Collection[Any], snapshot: SiteSnapshot) -> list[Any]:
    """Those of `redirects` that lead to a page from an address that it ever had in public."""
    public = public_addresses({identity_of(redirect.redirect_page) for redirect in redirects})
    return [redirect for redirect in redirects if _was_public(redirect, public, snapshot)]


def update_redirects(snapshot: SiteSnapshot, keys: Collection[int] | None = None) -> None:
    """Update the routes of all editors' redirects and of `/`, or of the redirects with `keys`.

    A key without a redirect is of a deleted one.
    """
    if keys is None:
        update_home_redirects(snapshot)
    for faults in _faults_of_redirects(snapshot, keys):
        _mend(faults)


def update_home_redirects(snapshot: SiteSnapshot, compiled: Iterable[str] | None = None) -> None:
    """Update the routes from `/` to the home pages of the sites.

    With the sources of documents that were `compiled`, only if one of a site is among them.
    """
    if compiled is not None and not any(one.startswith(SITE_SOURCE) for one in compiled):
        return
    _mend(_faults({HOME_ORIGIN: list(_to_home(snapshot))}))


def misplaced_redirects(snapshot: SiteSnapshot) -> Iterator[tuple[str, str]]:
    """Site and path of the routes of redirects that are missing, wrong or superfluous."""
    every = [_faults({HOME_ORIGIN: list(_to_home(snapshot))})]
    every += _faults_of_redirects(snapshot, None)
    for faults in every:
        wrong = {(route.site, route.path) for route in (*faults.superfluous, *faults.missing)}
        yield from sorted(wrong)


@dataclass
class _Faults:
    """How the stored routes of some redirects differ from what they should be."""

    superfluous: list[Route]
    missing: list[Route]


def _mend(faults: _Faults) -> None:
    keys = [route.pk for route in faults.superfluous]
    if keys:
        Route.objects.filter(pk__in=keys).delete()
    if faults.missing:
        Route.objects.bulk_create(faults.missing)
    if changed := [*faults.superfluous, *faults.missing]:
        addresses = [(route.site, split_address(route.path)[0]) for route in changed]
        log_rearranged([path_key(path) for _site, path in addresses], addresses)


def _faults_of_redirects(snapshot: SiteSnapshot, keys: Collection[int] | None) -> Iterator[_Faults]:
    if keys is None:
        origins = set(
            Route.objects.exclude(origin__in=[PAGE_ORIGIN, HOME_ORIGIN]).values_list(
                "origin", flat=True
            )
        )
        origins |= {f"{_REDIRECT_ORIGIN}{key}" for key in keys_of_redirects()}
    else:
        origins = {f"{_REDIRECT_ORIGIN}{key}" for key in keys}
    for chunk in chunks(origins):
        wanted: dict[str, list[RedirectRoute]] = {origin: [] for origin in chunk}
        if _exist():
            rows = _redirects().filter(pk__in=[_key(origin) for origin in chunk])
            wanted |= _wanted(rows, snapshot)
        yield _faults(wanted)


def _key(origin: str) -> int:
    return int(origin.removeprefix(_REDIRECT_ORIGIN))


def _faults(wanted: dict[str, list[RedirectRoute]]) -> _Faults:
    """Compare the stored routes of some origins with those that each should have."""
    documents = _documents({route.resource_id for routes in wanted.values() for route in routes})
    missing = {
        (origin, route): documents.get((route.resource_id, route.locale))
        for origin, routes in wanted.items()
        for route in routes
    }
    superfluous = []
    for stored in Route.objects.filter(origin__in=list(wanted)):
        key = (stored.origin, _as_stored(stored))
        if key in missing and missing[key] == stored.document_id:
            del missing[key]
        else:
            superfluous.append(stored)
    return _Faults(
        superfluous,
        [
            Route(
                **asdict(route),
                address=address_hash(route.site, route.path),
                origin=origin,
                document_id=document,
            )
            for (origin, route), document in missing.items()
        ],
    )


def _as_stored(route: Route) -> RedirectRoute:
    return RedirectRoute(**{part.name: getattr(route, part.name) for part in fields(RedirectRoute)})


def _documents(resource_ids: Iterable[str]) -> dict[tuple[str, str], int]:
    """The primary keys of the documents of pages, by resource and locale."""
    return {
        (resource_id, locale): pk
        for chunk in chunks(set(resource_ids) - {""})
        for resource_id, locale, pk in PublishedDocument.objects.filter(
            collection=PAGES, resource_id__in=chunk
        ).values_list("resource_id", "locale", "pk")
    }


def _wanted(redirects: Iterable[Any], snapshot: SiteSnapshot) -> dict[str, list[RedirectRoute]]:
    """The routes that editors' redirects should have, by origin.

    A redirect to a page that was never public has none, because it would reveal the draft. The
    routes to a page that was public remain, and answer 410.

    Nor has one that Wagtail created when a page moved: the page has routes of its own for its past
    addresses. Only routes below it are not known otherwise.
    """
    rows = list(redirects)
    pages = [row.redirect_page for row in rows if row.redirect_page is not None]
    public = public_addresses({identity_of(page) for page in pages})
    found: dict[str, list[RedirectRoute]] = defaultdict(list)
    for row in rows:
        page = row.redirect_page
        if row.automatically_created and page is not None:
            is_wanted = bool(row.redirect_page_route_path) and _was_public(row, public, snapshot)
        else:
            is_wanted = page is None or bool(public.get(_identity(page, snapshot)))
        if is_wanted:
            found[f"{_REDIRECT_ORIGIN}{row.pk}"] += _of_editor(row, snapshot)
    return found


def _was_public(
    redirect: Any, public: Mapping[tuple[str, str], set[Address]], snapshot: SiteSnapshot
) -> bool:
    """Whether the page of `redirect` ever had its address, or that above its route, in public."""
    path, _ = split_address(redirect.old_path)
    route = canonical_path(redirect.redirect_page_route_path).rstrip("/")
    bare = path.rstrip("/").removesuffix(route).rstrip("/")
    addresses = {
        (site, ending)
        for site in _sites(redirect, snapshot)
        for ending in (bare or ROOT_PATH, f"{bare}/")
    }
    return not addresses.isdisjoint(public.get(_identity(redirect.redirect_page, snapshot), ()))


def _identity(page: Page, snapshot: SiteSnapshot) -> tuple[str, str]:
    return identity_of(page), snapshot.language_of(page)


def _of_editor(redirect: Any, snapshot: SiteSnapshot) -> Iterator[RedirectRoute]:
    resource_id, locale, target = "", "", canonical_link(redirect.redirect_link)
    page = redirect.redirect_page
    if page is not None:
        resource_id, locale = _identity(page, snapshot)
        target = canonical_path(_route_on_page(page, redirect.redirect_page_route_path))
    path = redirected_address(*split_address(redirect.old_path))
    rank = Rank.SITE_REDIRECT if redirect.site_id else Rank.GENERAL_REDIRECT
    if redirect.automatically_created and page is not None:
        rank = Rank.AUTOMATIC_REDIRECT
    for site in _sites(redirect, snapshot):
        yield RedirectRoute(site, path, resource_id, locale, target, redirect.is_permanent, rank)


def _sites(redirect: Any, snapshot: SiteSnapshot) -> list[str]:
    if redirect.site_id is None:
        return [*snapshot.sites.values(), DEFAULT_SITE]
    site = snapshot.sites.get(redirect.site_id)
    return sites_of(site, snapshot) if site else []


def _to_home(snapshot: SiteSnapshot) -> Iterator[RedirectRoute]:
    """From `/` to each site's home page, in the project's language if it exists.

    As Django's `i18n_patterns` does. Not permanent, because a page may be published at `/`.
    """
    language = first_language()
    for site in Site.objects.order_by("pk").select_related("root_page"):
        home: Any = snapshot.public_counterpart(site.root_page, language)
        home = home or snapshot.public_counterpart(site.root_page, "")
        home = home or site.root_page.specific
        identity = _identity(home, snapshot)
        if content_types().of_instance(home) is None or not public_addresses([identity[0]]).get(
            identity
        ):
            continue
        for name in sites_of(snapshot.sites[site.pk], snapshot):
            yield RedirectRoute(
                name, ROOT_PATH, *identity, target="", permanent=False, rank=Rank.HOME_REDIRECT
            )


def _route_on_page(page: Page, path: str) -> str:
    """The path below a routable page that a redirect names; empty if the page lacks it."""
    if path:
        try:
            page.specific_deferred.resolve_subpage(path)
        except (AttributeError, Resolver404):
            return ""
    return path


def _exist() -> bool:
    return apps.is_installed("wagtail.contrib.redirects")


def _redirects() -> Any:
    from wagtail.contrib.redirects.models import Redirect

    return Redirect.objects.order_by("pk").select_related("redirect_page")
