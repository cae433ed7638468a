"""The API's description: for machines (OpenAPI) and for people (Swagger UI, from local files)."""

from __future__ import annotations

import json
from functools import lru_cache

from django.apps import apps
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from ninja import NinjaAPI

from cms.headless.api.answers import answer, to_json
from cms.headless.api.documents import View
from cms.headless.api.openapi import DeliverySchema
from cms.headless.api.problems import not_found
from cms.headless.content_types import ContentTypes


def openapi_view(api: NinjaAPI, types: ContentTypes) -> View:
    """The view of the OpenAPI document, made once for each address that it is served at."""

    @lru_cache(maxsize=4)
    def document(base: str) -> bytes:
        return to_json(DeliverySchema(api, types, base))

    def get_openapi(request: HttpRequest) -> HttpResponse:
        return answer(document(request.path.removesuffix("/openapi.json")))

    return get_openapi


def docs_view(title: str) -> View:
    """The view of Swagger UI."""

    def get_docs(request: HttpRequest) -> HttpResponse:
        if not apps.is_installed("ninja"):
            raise not_found("The documentation's files come with `ninja` in INSTALLED_APPS.")
        try:
            static("ninja/swagger-ui-bundle.js")
        except ValueError:  # a storage that wants a manifest, and has none
            raise not_found("The documentation's files come with `collectstatic`.") from None
        settings = {"url": "openapi.json", "layout": "BaseLayout", "deepLinking": True}
        # Without the request, so that no context processor runs: they may want a session.
        page = render_to_string(
            "ninja/swagger.html",
            {"api": {"title": title}, "swagger_settings": json.dumps(settings), "add_csrf": False},
        )
        return answer(page.encode(), content_type="text/html; charset=utf-8")

    return get_docs
