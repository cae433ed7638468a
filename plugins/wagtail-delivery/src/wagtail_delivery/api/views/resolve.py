"""Resolves a front-end path to a page or a redirect."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import quote, unquote

from django.http import HttpRequest, HttpResponse
from django.utils.http import RFC3986_SUBDELIMS

from wagtail_delivery.api.parameters import ResolveParameters
from wagtail_delivery.api.problems import ProblemError, not_found
from wagtail_delivery.api.queries.documents import StoredDocument
from wagtail_delivery.api.queries.routes import StoredRoute, routes
from wagtail_delivery.api.redirects import redirect_to
from wagtail_delivery.api.responses import document_response, json_response
from wagtail_delivery.api.sites import require_known
from wagtail_delivery.identifiers import DEFAULT, DEFAULT_SITE, route_digest
from wagtail_delivery.json_bytes import to_json

#: Characters that Django does not percent-encode in paths.
_UNQUOTED = RFC3986_SUBDELIMS + "/~:@"


def resolve_path(request: HttpRequest, query: ResolveParameters) -> HttpResponse:
    """The page at a front-end path, or a redirect to its present address.

    The other spelling of a page's path, with or without the trailing slash, is a redirect to it.
    """
    site = DEFAULT_SITE if query.site == DEFAULT else query.site
    spellings = _spellings(query.path)
    variants = [] if query.path == "/" else _spellings(_with_other_ending(query.path))
    digests = {route_digest(site, path): path for path in (*spellings, *variants)}
    found = {route.digest: route for route in routes(list(digests), DEFAULT)}
    known = [(found[digest], path) for digest, path in digests.items() if digest in found]
    for route, path in known:
        if route.document is not None:
            return _to_document(route, route.document, site, as_asked=path in spellings)
        if route.target and not route.is_of_page:
            return _redirect(route.target, permanent=route.permanent)
    if known:
        raise path_is_gone()
    require_known(query.site)
    raise path_is_empty()


def path_is_gone() -> ProblemError:
    return ProblemError(HTTPStatus.GONE, "This path no longer leads to anything.")


def path_is_empty() -> ProblemError:
    return not_found("Nothing is at this path.")


def _spellings(path: str) -> list[str]:
    """`path` unchanged, percent-encoded and decoded."""
    plain = unquote(path)
    return list(dict.fromkeys((path, quote(plain, safe=_UNQUOTED), plain)))


def _with_other_ending(path: str) -> str:
    return path.rstrip("/") or "/" if path.endswith("/") else f"{path}/"


def _to_document(
    route: StoredRoute,
    document: StoredDocument,
    asked_site: str,
    *,
    as_asked: bool,
) -> HttpResponse:
    site = asked_site or route.default_site
    elsewhere = bool(site) and route.document_site != site
    if as_asked and not elsewhere and route.document_path == route.path:
        return document_response(document, document.locale)
    return _redirect(
        f"{route.document_path.rstrip('/')}{route.target}" if route.target else route.document_path,
        site=route.document_site if elsewhere else None,
        permanent=route.permanent,
        surrogate_keys=document.surrogate_keys,
    )


def _redirect(
    location: str, *, permanent: bool, site: str | None = None, surrogate_keys: str = ""
) -> HttpResponse:
    redirect = redirect_to(location, permanent=permanent, site=site)
    return json_response(to_json(redirect.model_dump()), surrogate_keys=surrogate_keys)
