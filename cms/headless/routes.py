"""Front-end addresses: where each page stands, where it stood, and editors' redirects."""

from __future__ import annotations

import hashlib
from typing import Any

from django.apps import apps

from cms.headless.models import Document, Route
from cms.headless.surroundings import Surroundings

#: Stands for the default site, so that a reader need not know which it is.
DEFAULT_SITE = ""


def route_digest(site: str, path: str) -> str:
    """The unique key of an address: SHA-256 of site and path, in hexadecimal."""
    return hashlib.sha256(f"{site}{path}".encode("utf-8", "surrogatepass")).hexdigest()


def sites_of(site: str, surroundings: Surroundings) -> list[str]:
    """The names that addresses on `site` are kept under."""
    return [site, DEFAULT_SITE] if site == surroundings.default_site else [site]


def place_document(document: Document, surroundings: Surroundings) -> None:
    """Let the document's address, and all where it ever stood, lead to it."""
    for site in sites_of(document.site, surroundings):
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
        resource_id=document.resource_id, locale=document.locale, document=None, target=""
    ).update(document=document)


def has_its_routes(document: Document, surroundings: Surroundings) -> bool:
    """Whether the document's address leads to it."""
    digests = [route_digest(site, document.path) for site in sites_of(document.site, surroundings)]
    return Route.objects.filter(digest__in=digests, document=document).count() == len(digests)


def place_redirect(redirect: Any, surroundings: Surroundings) -> None:
    """Let an editor's redirect (`wagtail.contrib.redirects`) lead to its page or address.

    A page that stands at the redirect's address goes first, as in Wagtail.
    """
    page = redirect.redirect_page
    for name in _redirect_sites(redirect, surroundings):
        for path in {redirect.old_path, f"{redirect.old_path.rstrip('/')}/"}:
            digest = route_digest(name, path)
            route = Route.objects.filter(digest=digest).select_related("document").first()
            if route and route.document and route.document.path == path:
                continue
            resource_id, locale, document = "", "", None
            if page is not None:
                resource_id = str(page.translation_key)
                locale = surroundings.language_of(page)
                document = Document.objects.filter(
                    collection="pages", resource_id=resource_id, locale=locale
                ).first()
            Route.objects.update_or_create(
                digest=digest,
                defaults={
                    "site": name,
                    "path": path,
                    "resource_id": resource_id,
                    "locale": locale,
                    "document": document,
                    "target": "" if page is not None else redirect.redirect_link,
                    "permanent": redirect.is_permanent,
                },
            )


def place_redirects(surroundings: Surroundings) -> None:
    """Let all editors' redirects lead where they should."""
    if not apps.is_installed("wagtail.contrib.redirects"):
        return
    from wagtail.contrib.redirects.models import Redirect

    for redirect in Redirect.objects.order_by("pk").select_related("redirect_page"):
        place_redirect(redirect, surroundings)


def remove_redirect(redirect: Any, surroundings: Surroundings) -> None:
    """Take an editor's redirect away; a page that stands at its address stays."""
    for name in _redirect_sites(redirect, surroundings):
        for path in {redirect.old_path, f"{redirect.old_path.rstrip('/')}/"}:
            route = (
                Route.objects.filter(digest=route_digest(name, path))
                .select_related("document")
                .first()
            )
            if route and not (route.document and route.document.path == path):
                route.delete()


def restore_redirects(path: str, surroundings: Surroundings) -> None:
    """Let editors' redirects at an address that a page has left work again."""
    if not apps.is_installed("wagtail.contrib.redirects"):
        return
    from wagtail.contrib.redirects.models import Redirect

    for redirect in Redirect.objects.filter(old_path__in={path, path.rstrip("/")}):
        place_redirect(redirect, surroundings)


def _redirect_sites(redirect: Any, surroundings: Surroundings) -> list[str]:
    if redirect.site_id is None:
        return [*surroundings.sites.values(), DEFAULT_SITE]
    site = surroundings.sites.get(redirect.site_id)
    return sites_of(site, surroundings) if site else []
