"""Successful responses: stored bytes with what caches and readers are to know of them."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.http import parse_etags

from wagtail_delivery.api.queries.documents import StoredDocument

JSON = "application/json"


def json_response(
    body: bytes,
    *,
    etag: str = "",
    languages: str = "",
    surrogate_keys: str = "",
    content_type: str = JSON,
) -> HttpResponse:
    """A response of `body`, with a strong validator made of it where no `etag` is given."""
    headers = {"Content-Type": content_type, "ETag": f'"{etag or digest(body)}"'}
    if languages:
        headers["Content-Language"] = languages
    if surrogate_keys:
        headers["Surrogate-Key"] = surrogate_keys
    return HttpResponse(body, headers=headers)


def document_response(document: StoredDocument, asked: str) -> HttpResponse:
    """A stored document as it lies; where it is not in the locale `asked`, it says so."""
    body, etag = document.body, document.etag
    if document.locale != asked:
        body, etag = as_fallback(document), f"{etag}-fallback"
    return json_response(
        body, etag=etag, languages=document.locale, surrogate_keys=document.surrogate_keys
    )


def as_fallback(document: StoredDocument) -> bytes:
    """The body with `meta.translation`, its last member, saying that it stands in for another."""
    opening = document.body[: document.translation_at]
    translation = json.loads(document.body[document.translation_at : -2])
    replaced = {
        "source_locale": translation["source_locale"],
        "status": "fallback",
        "untranslated": translation["untranslated"],
        "languages": translation["languages"],
    }
    return opening + to_json(replaced) + b"}}"


def to_json(value: Any) -> bytes:
    """JSON in UTF-8, without insignificant space."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def digest(body: bytes) -> str:
    """What tells one body from another."""
    return hashlib.blake2b(body, digest_size=12, usedforsecurity=False).hexdigest()


def is_unchanged(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether the caller has this very answer (RFC 9110, 13.1.2: by weak comparison)."""
    wanted: str | None = request.META.get("HTTP_IF_NONE_MATCH")
    if wanted is None or "ETag" not in response.headers:
        return False
    tags = parse_etags(wanted)
    etag = response.headers["ETag"]
    return tags == ["*"] or any(tag.removeprefix("W/") == etag for tag in tags)
