"""Stores rows as the compiler does, for tests of the API."""

from __future__ import annotations

import datetime
import json
import uuid
from typing import Any

from wagtail_delivery.hashes import Scope, address_hash, filter_hash, list_hash
from wagtail_delivery.identifiers import DEFAULT, Rank
from wagtail_delivery.models import (
    Change,
    DocumentFilter,
    DocumentOrder,
    PublishedDocument,
    Route,
)
from wagtail_delivery.sort_keys import sort_key
from wagtail_delivery.store.fallback_rows import item_of, update_fallback_rows
from wagtail_delivery.surrogate_keys import document_key

DEFAULT_HOST = "main.example:80"


def to_bytes(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def put(
    collection: str,
    type: str,
    resource_id: str,
    locale: str = "ms",
    *,
    title: str = "",
    slug: str = "",
    site: str = "",
    path: str = "",
    keys: dict[str, Any] | None = None,
    expires_at: datetime.datetime | None = None,
    members: dict[str, Any] | None = None,
    meta: dict[str, Any] | None = None,
    source_locale: str = "ms",
) -> PublishedDocument:
    """Store a document and its keys; a list in `keys` has the values of a filter, and no order."""
    title = title or f"{type} {resource_id}"
    head = {"id": resource_id, "type": type, "locale": locale or None, "title": title}
    in_card = {}
    if collection == "pages":
        head["path"] = path
        in_card = {"site": site}
    body = to_bytes({**head, **(members or {}), "meta": {"version": "e", **(meta or {})}})
    translation_at = 0
    if locale:
        translation = {
            "source_locale": source_locale,
            "status": "source" if locale == source_locale else "complete",
            "untranslated": ["/title"] if locale != source_locale else [],
            "languages": {"/title": source_locale} if locale != source_locale else {},
            "stale": [],
        }
        opening = body[:-2] + b',"translation":'
        translation_at = len(opening)
        body = opening + to_bytes(translation) + b"}}"
    document = PublishedDocument.objects.create(
        collection=collection,
        resource_id=resource_id,
        locale=locale,
        type=type,
        slug=slug,
        site=site,
        path=path,
        body=body,
        translation_at=translation_at,
        card=to_bytes({**head, **in_card, "untranslated": [], "untranslated_languages": {}}),
        etag=uuid.uuid4().hex[:24],
        surrogate_keys=f"{document_key(collection, resource_id)} shown",
        expires_at=expires_at,
        source=f"{type}:{resource_id}:{locale}",
    )
    every = {
        "id": resource_id,
        "title": title,
        "first_published_at": None,
        "last_published_at": None,
        **(keys or {}),
    }
    if collection == "pages":
        every = {"parent": None, "position": path, "source_position": path, **every}
    scope = Scope(collection, DEFAULT if site == DEFAULT_HOST else site, locale)
    DocumentOrder.objects.bulk_create(
        DocumentOrder(
            document=document,
            list=list_hash(scope, name),
            typed=list_hash(scope, name, type) if collection == "pages" else None,
            value=sort_key(value),
        )
        for name, value in every.items()
        if not isinstance(value, list)
    )
    found = {
        filter_hash(scope, name, sort_key(value))
        for name, values in every.items()
        for value in (values if isinstance(values, list) else [values])
    }
    DocumentFilter.objects.bulk_create(
        DocumentFilter(document=document, filter=one) for one in sorted(found)
    )
    update_fallback_rows([item_of(document)])
    return document


def put_page(
    path: str,
    resource_id: str = "",
    locale: str = "ms",
    *,
    type: str = "book_page",
    site: str = DEFAULT_HOST,
    **more: Any,
) -> PublishedDocument:
    """Store a page and its routes."""
    document = put(
        "pages", type, resource_id or str(uuid.uuid4()), locale, site=site, path=path, **more
    )
    put_route(path, document=document, site=site)
    if site == DEFAULT_HOST:
        put_route(path, document=document)
    return document


def put_route(
    path: str,
    *,
    document: PublishedDocument | None = None,
    site: str = "",
    origin: str = "",
) -> Route:
    """Store a route of a page; site "" is the default site."""
    return Route.objects.create(
        address=address_hash(site, path),
        site=site,
        path=path,
        origin=origin,
        rank=Rank.PAGE,
        resource_id=document.resource_id if document else "",
        locale=document.locale if document else "",
        document=document,
    )


def put_redirect(
    path: str,
    *,
    document: PublishedDocument | None = None,
    site: str = "",
    target: str = "",
    permanent: bool = True,
    rank: Rank = Rank.GENERAL_REDIRECT,
) -> Route:
    """Store the route of an editors' redirect from a canonical address."""
    route = put_route(path, document=document, site=site, origin=f"redirect:{uuid.uuid4().hex[:8]}")
    route.target, route.permanent, route.rank = target, permanent, rank
    route.save()
    return route


def put_change(
    sequence: int | None = None,
    *,
    document: PublishedDocument | None = None,
    action: str = Change.UPSERT,
    recorded_at: datetime.datetime | None = None,
    **columns: Any,
) -> Change:
    """Store an entry of the change log."""
    if document is not None:
        names = ("collection", "resource_id", "locale", "type", "site", "path", "etag")
        columns = {name: getattr(document, name) for name in names} | columns
        columns.setdefault("surrogate_keys", document.surrogate_keys)
    change = Change.objects.create(sequence=sequence, action=action, **columns)
    if recorded_at is not None:
        Change.objects.filter(pk=change.pk).update(recorded_at=recorded_at)
        change.refresh_from_db()
    return change


def put_site(
    resource_id: str = "default", locale: str = "ms", *, host: str = DEFAULT_HOST, path: str = "/"
) -> PublishedDocument:
    """Store the document of a site in one locale, with its home page at `path`."""
    document = put("site", "site", resource_id, locale, site=host)
    document.card = to_bytes({"type": "book_page", "path": path})
    document.save()
    return document
