"""Resolves a front-end path to a page or a redirect."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse

from wagtail_delivery.addresses import (
    ROOT_PATH,
    redirected_address,
    split_address,
    without_tracking,
)
from wagtail_delivery.api.problems import ProblemError, not_found
from wagtail_delivery.api.queries.documents import StoredDocument
from wagtail_delivery.api.queries.routes import (
    StoredRoute,
    fallback_at,
    fallback_of,
    page_above,
    routes,
)
from wagtail_delivery.api.redirects import redirect_to
from wagtail_delivery.api.responses import document_response, json_response
from wagtail_delivery.api.sites import require_known
from wagtail_delivery.identifiers import DEFAULT, DEFAULT_SITE, PAGES, Rank
from wagtail_delivery.json_bytes import to_json
from wagtail_delivery.surrogate_keys import RESOLVED, path_key

#: Levels of the tree that are searched for the page above an address.
DEEPEST = 30


def resolve_path(request: HttpRequest, query: Any) -> HttpResponse:
    """The page at a front-end path, also in the fallback, or a redirect to its present address.

    All spellings of a path are one. The path with or without the trailing slash is a redirect to
    the page's own.
    """
    asked_site = DEFAULT_SITE if query.site == DEFAULT else query.site
    path, parameters = split_address(query.path)
    keys = (path_key(path), RESOLVED)
    paths = [path] if path == ROOT_PATH else [path, _with_other_ending(path)]
    # A redirect of these very parameters comes first, also if a page is at the path without them.
    exact = [
        redirected_address(path, wanted)
        for wanted in (parameters, without_tracking(parameters))
        if wanted
    ]
    addresses = dict.fromkeys([*exact, *paths, redirected_address(path)])
    fallback = query.fallback or ""
    found = routes(asked_site, [*addresses], DEFAULT, fallback)
    order = list(addresses)

    def precedence(route: StoredRoute) -> tuple[int, int]:
        place = order.index(route.path)
        if route.path in exact:
            return 0, place
        return (1 if _is_present(route, asked_site) else 1 + route.rank), place

    # Stable: of the past pages of one address, the last one stays first.
    for route in sorted(found, key=precedence):
        if route.document is not None:
            is_as_asked = route.path == path
            return _to_document(route, route.document, asked_site, keys, as_asked=is_as_asked)
        if route.target and not route.resource_id:
            return _redirect(route.target, keys, permanent=route.permanent)
    if fallback and (page := _page_in_fallback(path, asked_site, found, fallback, keys)):
        return page
    # A redirect goes with its page when that is deleted, so the redirects that are left would tell
    # that their page still exists.
    if any(route.rank == Rank.PAGE for route in found):
        raise path_is_gone()
    require_known(query.site)
    raise path_is_empty()


def _is_present(route: StoredRoute, asked_site: str) -> bool:
    """Whether `route` is the present address of a page."""
    return (
        route.rank == Rank.PAGE
        and route.document is not None
        and route.document_path == route.path
        and not _is_elsewhere(route, asked_site)
    )


def _is_elsewhere(route: StoredRoute, asked_site: str) -> bool:
    """Whether the document of `route` is on another site than the one that is asked for."""
    site = asked_site or route.default_site
    return bool(site) and route.document_site != site


def _page_in_fallback(
    path: str,
    asked_site: str,
    found: Sequence[StoredRoute],
    fallback: str,
    keys: Sequence[str],
) -> HttpResponse | None:
    """The page that has no translation at `path`, or a redirect to its translation.

    It is the page whose address this was, or the one that has the same path below the translation
    of a page above.
    """
    for route in found:
        if route.rank == Rank.PAGE and route.locale != fallback:
            page = fallback_of(route.resource_id, asked_site, route.locale, fallback)
            if page is not None:
                return document_response(page.document, route.locale, *keys)
    above = page_above(asked_site, _paths_above(path), fallback)
    if above is None or above.locale == fallback:
        return None
    same = f"{above.fallback_path.rstrip('/')}/{path.removeprefix(above.path).lstrip('/')}"
    page = fallback_at(asked_site, [same, _with_other_ending(same)], above.locale, fallback)
    if page is None:
        return None
    # Any page may get or lose a place above this address, in either locale.
    keys = (*keys, PAGES)
    if page.translated_path:
        return _redirect(page.translated_path, keys, permanent=False, document=page.document)
    return document_response(page.document, above.locale, *keys)


def _paths_above(path: str) -> list[str]:
    """The paths above `path`, with and without a trailing slash, at most `DEEPEST` levels down."""
    *segments, _ = path.strip("/").split("/")
    bare = ["/".join(["", *segments[:count]]) for count in range(min(len(segments), DEEPEST) + 1)]
    return [ending for one in bare for ending in dict.fromkeys([one or ROOT_PATH, f"{one}/"])]


def path_is_gone() -> ProblemError:
    return ProblemError(HTTPStatus.GONE, "This path no longer leads to anything.")


def path_is_empty() -> ProblemError:
    return not_found("Nothing is at this path.")


def _with_other_ending(path: str) -> str:
    return path.rstrip("/") or "/" if path.endswith("/") else f"{path}/"


def _to_document(
    route: StoredRoute,
    document: StoredDocument,
    asked_site: str,
    keys: Sequence[str],
    *,
    as_asked: bool,
) -> HttpResponse:
    elsewhere = _is_elsewhere(route, asked_site)
    if as_asked and not elsewhere and route.document_path == route.path:
        return document_response(document, document.locale, *keys)
    return _redirect(
        f"{route.document_path.rstrip('/')}{route.target}" if route.target else route.document_path,
        keys,
        site=route.document_site if elsewhere else None,
        permanent=route.permanent,
        document=document,
    )


def _redirect(
    location: str,
    keys: Sequence[str],
    *,
    permanent: bool,
    site: str | None = None,
    document: StoredDocument | None = None,
) -> HttpResponse:
    """A redirect to `location`, where `document` is if it is a page's."""
    redirect = redirect_to(location, permanent=permanent, site=site)
    own = [document.surrogate_keys] if document else []
    return json_response(
        to_json(redirect.model_dump()),
        surrogate_keys=" ".join([*own, *keys]),
        expires_at=document.expires_at if document else None,
    )
