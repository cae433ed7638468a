"""Successful responses: bodies with their validators and cache headers."""

from __future__ import annotations

import datetime
import hashlib
import json
import math

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import parse_etags

from wagtail_delivery.api.answer_facts import ContentResponse
from wagtail_delivery.api.queries.documents import StoredDocument
from wagtail_delivery.conf import DeliverySettings, delivery_settings
from wagtail_delivery.json_bytes import to_json

JSON = "application/json"


def json_response(
    body: bytes,
    *,
    etag: str = "",
    languages: str = "",
    surrogate_keys: str = "",
    content_type: str = JSON,
    expires_at: datetime.datetime | None = None,
) -> HttpResponse:
    """A response with `body` and a strong validator, computed from it unless `etag` is given.

    Nothing keeps it beyond `expires_at`.
    """
    headers = {"Content-Type": content_type, "ETag": f'"{etag or digest(body)}"'}
    if languages:
        headers["Content-Language"] = languages
    if surrogate_keys:
        headers["Surrogate-Key"] = surrogate_keys
    if expires_at is not None:
        headers["Cache-Control"] = cache_control(delivery_settings(), expires_at)
    response = ContentResponse(body, headers=headers)
    response.expires_at = expires_at
    return response


def document_response(document: StoredDocument, asked: str, *more_keys: str) -> HttpResponse:
    """The stored bytes of a document, marked as a fallback if its locale is not `asked`.

    `more_keys` are the surrogate keys of the way in which it was asked for.
    """
    body, etag = document.body, document.etag
    if document.locale != asked:
        body, etag = as_fallback(document), f"{etag}-fallback"
    return json_response(
        body,
        etag=etag,
        languages=document.locale,
        surrogate_keys=" ".join([document.surrogate_keys, *more_keys]),
        expires_at=document.expires_at,
    )


def as_fallback(document: StoredDocument) -> bytes:
    """The body with the status `fallback` in `meta.translation`, its last member."""
    opening = document.body[: document.translation_at]
    translation = json.loads(document.body[document.translation_at : -2])
    return opening + to_json(translation | {"status": "fallback"}) + b"}}"


def cache_control(settings: DeliverySettings, expires_at: datetime.datetime | None = None) -> str:
    """How long caches may keep what is public, until `expires_at`, for the header Cache-Control."""
    age, revalidate, error = (
        settings.CACHE_MAX_AGE,
        settings.CACHE_STALE_WHILE_REVALIDATE,
        settings.CACHE_STALE_IF_ERROR,
    )
    if expires_at is not None:
        left = max(0, math.floor((expires_at - timezone.now()).total_seconds()))
        age = min(age, left)
        revalidate, error = min(revalidate, left - age), min(error, left - age)
    return f"public, max-age={age}, stale-while-revalidate={revalidate}, stale-if-error={error}"


def digest(body: bytes) -> str:
    """A digest of `body`, for validators."""
    return hashlib.blake2b(body, digest_size=12, usedforsecurity=False).hexdigest()


def is_unchanged(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether the client has this response already (RFC 9110, 13.1.2: weak comparison)."""
    wanted: str | None = request.META.get("HTTP_IF_NONE_MATCH")
    if wanted is None or "ETag" not in response.headers:
        return False
    return matches(wanted, response.headers["ETag"])


def matches(wanted: str, etag: str) -> bool:
    """Whether `wanted`, a value of the header If-None-Match, names the quoted `etag`."""
    tags = parse_etags(wanted)
    return tags == ["*"] or any(tag.removeprefix("W/") == etag for tag in tags)
