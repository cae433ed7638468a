"""What the API is and has: the service document and the locales."""

from __future__ import annotations

import json
from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from pydantic import Field

from wagtail_delivery.api.collections import Collection
from wagtail_delivery.api.locales import ContentLocales
from wagtail_delivery.api.operation import View
from wagtail_delivery.api.queries.documents import home_cards
from wagtail_delivery.api.responses import json_response, to_json
from wagtail_delivery.encoding.base import Schema
from wagtail_delivery.encoding.scalars import Uri
from wagtail_delivery.identifiers import DEFAULT


class CollectionLink(Schema):
    """A list that the API offers."""

    name: str = Field(description="Name of the list, which is also its path.")
    types: list[str] = Field(description="Types of the things in it.")
    path: Uri = Field(description="Where it is.")


class ServiceDocumentLinks(Schema):
    """Where everything else is."""

    locales: Uri = Field(description="The locales, with their home pages.")
    resolve: Uri = Field(description="What stands at a front-end path.")
    site: Uri = Field(description="What a front-end shows on every page.")
    openapi: Uri = Field(description="This API in machine-readable form.")
    docs: Uri = Field(description="This API for people.")


class ServiceDocument(Schema):
    """What the API is, and where its parts are."""

    name: str = Field(description="Name of the API.")
    version: str = Field(description="Version of the API.")
    default_locale: str = Field(description="Locale of answers where none is asked for.")
    locales: list[str] = Field(description="Language codes of the locales.")
    collections: list[CollectionLink] = Field(description="The lists.")
    links: ServiceDocumentLinks = Field(description="Paths of the other parts.")


class ContentLocale(Schema):
    """A locale that content can be in."""

    code: str = Field(description="Language code (BCP 47).")
    name: str = Field(description="Name of the language, in that language.")
    is_default: bool = Field(description="Whether answers are in it where none is asked for.")
    path: str | None = Field(
        description="Front-end path of its home page on the default site; null while there is none."
    )


class ContentLocaleList(Schema):
    """All locales."""

    items: list[ContentLocale] = Field(description="The locales, in the order of the project.")
    next: None = Field(description="Always null: there is no more.")


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
                openapi=f"{base}/openapi.json",
                docs=f"{base}/docs",
            ),
        )
        return json_response(to_json(service.model_dump(mode="json")))

    return get_service_document


def locales_view(locales: ContentLocales) -> View:
    """The view of the locales. Home pages are those of the default site's documents."""

    def list_locales(request: HttpRequest) -> HttpResponse:
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
