"""One document: of a collection by its id or slug, or of a site."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse

from wagtail_delivery.api.collections import Collection
from wagtail_delivery.api.operation import View
from wagtail_delivery.api.parameters import Parameters
from wagtail_delivery.api.problems import ProblemError, not_found
from wagtail_delivery.api.queries.documents import (
    document_by_id,
    document_by_id_or_slug,
    site_document,
)
from wagtail_delivery.api.responses import document_response
from wagtail_delivery.identifiers import DEFAULT


def document_view(collection: Collection) -> View:
    """The view of one document of `collection`; its path says whether a slug will do."""
    find = document_by_id_or_slug if collection.has_slug else document_by_id

    def get_document(request: HttpRequest, name: str, query: Parameters) -> HttpResponse:
        locales = query.locales
        document = find(collection.name, name, locales)
        if document is None:
            raise no_document(collection, locales)
        return document_response(document, locales[0])

    return get_document


def get_site(request: HttpRequest, query: Any) -> HttpResponse:
    """What a front-end shows on every page: names, contact, navigation and locales."""
    locales = query.locales
    document = site_document(query.site or "", DEFAULT, locales)
    if document is None:
        raise no_site(locales)
    return document_response(document, locales[0])


def no_document(collection: Collection, locales: Sequence[str]) -> ProblemError:
    return not_found(f"There is nothing of this name in {collection.name}{_said(locales)}.")


def no_site(locales: Sequence[str]) -> ProblemError:
    return not_found(f"There is no such site with a home page{_said(locales)}.")


def _said(locales: Sequence[str]) -> str:
    return f" in {' or '.join(locales)}" if any(locales) else ""
