"""The service document and the list of locales."""

from __future__ import annotations

import json
from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from pydantic import Field

from wagtail_delivery.api.collections import Collection
from wagtail_delivery.api.operation import View
from wagtail_delivery.api.parameters import ContentParameters
from wagtail_delivery.api.queries.documents import home_cards
from wagtail_delivery.api.responses import json_response
from wagtail_delivery.encoding.base import Schema
from wagtail_delivery.encoding.scalars import Uri
from wagtail_delivery.identifiers import DEFAULT
from wagtail_delivery.json_bytes import to_json
from wagtail_delivery.locales import ContentLocales


class CollectionLink(Schema):
    """A list of the API."""

    name: str = Field(description="Name of the list, and last segment of its path.")
    types: list[str] = Field(description="Types of its items.")
    path: Uri = Field(description="Path of the list.")


class ServiceDocumentLinks(Schema):
    """The operations beside the lists."""

    locales: Uri = Field(description="The locales and their home pages.")
    resolve: Uri = Field(description="Resolves a front-end path.")
    site: Uri = Field(description="Home page, organisation and locales of a site.")
    changes: Uri = Field(description="What became public, changed or was withdrawn, in order.")
    openapi: Uri = Field(description="The OpenAPI document.")
    docs: Uri = Field(description="The documentation of this API.")


class ServiceDocument(Schema):
    """Name and version of the API, with its locales and paths."""

    name: str = Field(description="Name of the API.")
    version: str = Field(description="Version of the API.")
    default_locale: str = Field(description="Locale of responses to requests without `locale`.")
    locales: list[str] = Field(description="Language codes of the locales.")
    collections: list[CollectionLink] = Field(description="The lists.")
    links: ServiceDocumentLinks = Field(description="Paths of the other operations.")


class ContentLocale(Schema):
    """A locale of the content."""

    code: str = Field(description="Language code (BCP 47).")
    name: str = Field(description="Name of the language, in that language.")
    is_default: bool = Field(
        description="Whether it is the locale of responses to requests without `locale`."
    )
    path: str | None = Field(
        description="Front-end path of its home page on the default site; null if it has none."
    )


class ContentLocaleList(Schema):
    """All locales."""

    items: list[ContentLocale] = Field(description="The locales, in the project's order.")
    next: str | None = Field(description="Always null: the list is complete.")


def service_view(
    name: str, version: str, locales: ContentLocales, collections: Sequence[Collection]
) -> View:
    """The view of the service document."""

    def get_service_document(request: HttpRequest) -> HttpResponse:
        base = request.path.rstrip("/")
        service = ServiceDocument(
            name=name,
            version=version,
            default_locale=locales.default,
            locales=locales.codes,
            collections=[
                CollectionLink(
                    name=item.name,
                    types=[content_type.name for content_type in item.types],
                    path=f"{base}/{item.name}",
                )
                for item in collections
            ],
            links=ServiceDocumentLinks(
                locales=f"{base}/locales",
                resolve=f"{base}/resolve",
                site=f"{base}/site",
                changes=f"{base}/changes",
                openapi=f"{base}/openapi.json",
                docs=f"{base}/docs",
            ),
        )
        return json_response(to_json(service.model_dump(mode="json")))

    return get_service_document


def locales_view(locales: ContentLocales) -> View:
    """The view of the locales, with the home pages of the default site."""

    def list_locales(request: HttpRequest, query: ContentParameters) -> HttpResponse:
        homes = {code: json.loads(card)["path"] for code, card in home_cards(DEFAULT).items()}
        items = ContentLocaleList(
            items=[
                ContentLocale(
                    code=code,
                    name=name,
                    is_default=code == locales.default,
                    path=homes.get(code),
                )
                for code, name in locales.names.items()
            ],
            next=None,
        )
        return json_response(to_json(items.model_dump(mode="json")), surrogate_keys="site")

    return list_locales
