"""Single documents: of a collection by id or slug, or of a site."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse

from wagtail_delivery.api.collections import Collection
from wagtail_delivery.api.operation import View
from wagtail_delivery.api.parameters import Parameters
from wagtail_delivery.api.problems import ProblemError, not_found
from wagtail_delivery.api.queries.documents import (
    StoredDocument,
    document_by_id,
    document_by_id_or_slug,
    site_document,
)
from wagtail_delivery.api.responses import document_response
from wagtail_delivery.api.sites import require_known
from wagtail_delivery.surrogate_keys import document_key


def document_view(collection: Collection) -> View:
    """The view of one document of `collection`, by id or, if its types have one, by slug."""
    find = document_by_id_or_slug if collection.has_slug else document_by_id

    def get_document(request: HttpRequest, name: str, query: Parameters) -> HttpResponse:
        locales = query.locales
        document = find(collection.name, name, locales)
        if document is None:
            raise no_document(collection, locales)
        return document_response(document, locales[0], *_keys_of_slug(collection, name, document))

    return get_document


def get_site(request: HttpRequest, query: Any) -> HttpResponse:
    """The document of a site."""
    locales = query.locales
    document = site_document(query.site, locales)
    if document is None:
        require_known(query.site)
        raise no_site(locales)
    return document_response(document, locales[0])


def _keys_of_slug(collection: Collection, name: str, document: StoredDocument) -> Iterator[str]:
    """The key of the slug that `document` was asked for by: another document may get that slug."""
    if collection.has_slug:
        key = document_key(collection.name, name)
        if not document.surrogate_keys.startswith(key):
            yield key


def no_document(collection: Collection, locales: Sequence[str]) -> ProblemError:
    key = "id or slug" if collection.has_slug else "id"
    return not_found(f"No {collection.singular} with this {key}{_in_locales(locales)}.")


def no_site(locales: Sequence[str]) -> ProblemError:
    return not_found(f"The site has no public home page{_in_locales(locales)}.")


def _in_locales(locales: Sequence[str]) -> str:
    codes = [f"`{code}`" for code in locales if code]
    return f" in {' or '.join(codes)}" if codes else ""
