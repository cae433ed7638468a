"""Reads the store for tests."""

from __future__ import annotations

import json
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import models

from wagtail_delivery.compiler.documents import source_of
from wagtail_delivery.hashes import Scope, list_hash
from wagtail_delivery.identifiers import DEFAULT
from wagtail_delivery.models import (
    Change,
    Dependency,
    DocumentFilter,
    DocumentOrder,
    FallbackBody,
    FallbackFilter,
    FallbackOrder,
    PublishedDocument,
    PublishedFile,
    Route,
)
from wagtail_delivery.publishing.rebuild import Difference, verify
from wagtail_delivery.schema.registry import content_types


def document_of(instance: models.Model) -> PublishedDocument | None:
    """The stored document of a (specific) instance."""
    return PublishedDocument.objects.filter(source=source_of(instance)).first()


def body_of(instance: models.Model) -> dict[str, Any]:
    """The JSON that the API sends for `instance`, which must have a document."""
    document = document_of(instance)
    assert document is not None, f"{instance!r} has no document"
    return json.loads(bytes(document.body))


def card_of(instance: models.Model) -> dict[str, Any]:
    """The JSON of the card of `instance`."""
    document = document_of(instance)
    assert document is not None, f"{instance!r} has no document"
    return json.loads(bytes(document.card))


def members_of(instance: models.Model) -> dict[str, Any]:
    """The members of the body without the envelope."""
    body = body_of(instance)
    envelope = {"id", "type", "locale", "title", "path", "meta"}
    return {name: value for name, value in body.items() if name not in envelope}


def clear_process_caches() -> None:
    """Clear caches that another process would not share."""
    cache.clear()
    ContentType.objects.clear_cache()


def differences() -> list[Difference]:
    """Differences between the store and the published content, as a new process sees them."""
    clear_process_caches()
    return list(verify())


def changes_since(sequence: int) -> list[tuple[str, str, str]]:
    """Action, type and path or id of each change of a document after `sequence`."""
    changes = Change.objects.exclude(action=Change.REARRANGED).order_by("sequence")
    return [
        (change.action, change.type, change.path or change.resource_id)
        for change in changes.filter(sequence__gt=sequence)
    ]


def rearranged_since(sequence: int) -> set[str]:
    """The surrogate keys of what the log has after `sequence` besides changes of documents."""
    changes = Change.objects.filter(action=Change.REARRANGED, sequence__gt=sequence)
    return {key for change in changes for key in change.surrogate_keys.split()}


def last_sequence() -> int:
    last = Change.objects.order_by("-sequence").first()
    return last.sequence if last else 0


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """All rows of the store without their primary keys, to compare with a rebuild."""
    return {
        "documents": sorted(
            tuple(bytes(part) if isinstance(part, memoryview) else part for part in row)
            for row in PublishedDocument.objects.values_list(
                "collection",
                "resource_id",
                "locale",
                "type",
                "slug",
                "site",
                "path",
                "body",
                "translation_at",
                "card",
                "etag",
                "surrogate_keys",
                "expires_at",
                "source",
            )
        ),
        "orders": sorted(
            (source, number, typed or 0, bytes(value))
            for source, number, typed, value in DocumentOrder.objects.values_list(
                "document__source", "list", "typed", "value"
            )
        ),
        "fallback_orders": sorted(
            (source, number, typed or 0, bytes(value))
            for source, number, typed, value in FallbackOrder.objects.values_list(
                "document__source", "list", "typed", "value"
            )
        ),
        "fallback_filters": sorted(
            FallbackFilter.objects.values_list("document__source", "filter")
        ),
        "filters": sorted(DocumentFilter.objects.values_list("document__source", "filter")),
        "fallbacks": sorted(
            (source, locale, bytes(body))
            for source, locale, body in FallbackBody.objects.values_list(
                "document__source", "locale", "body"
            )
        ),
        "dependencies": sorted(Dependency.objects.values_list("document__source", "key")),
        "files": sorted(PublishedFile.objects.values_list("document__source", "name")),
    }


def key_in_order(document: PublishedDocument, name: str) -> bytes:
    """The key by which lists in the order `name` have a document."""
    scopes = [
        Scope(document.collection, site, document.locale) for site in (document.site, DEFAULT)
    ]
    row = document.orders.get(list__in=[list_hash(scope, name) for scope in scopes])
    return bytes(row.value)


def route_to(site: str, path: str) -> Route | None:
    """The route that counts at a canonical address, unless a page is there."""
    return Route.objects.filter(site=site, path=path).order_by("rank", "-pk").first()


def content_type_of(instance: models.Model) -> Any:
    found = content_types().of_instance(instance)
    assert found is not None
    return found
