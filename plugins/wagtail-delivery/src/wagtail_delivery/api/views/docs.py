"""The API's description: the OpenAPI document and Swagger UI.

Swagger UI's files come with Django Ninja. This module serves them, so a project needs neither
`ninja` in INSTALLED_APPS nor static files.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files

from django.http import HttpRequest, HttpResponse
from django.utils.html import escape

from wagtail_delivery.api.openapi import Info, openapi_document
from wagtail_delivery.api.operation import Operation, View
from wagtail_delivery.api.responses import digest, json_response
from wagtail_delivery.json_bytes import to_json
from wagtail_delivery.schema.registry import ContentTypes

#: The files of the page, below its own path, with their media types.
SWAGGER_FILES = {
    "swagger-ui.css": "text/css; charset=utf-8",
    "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
    "swagger-ui-init.js": "text/javascript; charset=utf-8",
}
_SETTINGS = {"url": "openapi.json", "layout": "BaseLayout", "deepLinking": True}
#: The page needs nothing of other hosts, and no script within itself.
_POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script type="application/json" id="swagger-settings">{settings}</script>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/swagger-ui-init.js"></script>
</body>
</html>
"""


def openapi_view(
    info: Info, tags: Mapping[str, str], operations: Sequence[Operation], types: ContentTypes
) -> View:
    """The view of the OpenAPI document, generated once for each base path."""

    @lru_cache(maxsize=4)
    def document(base: str) -> bytes:
        return to_json(openapi_document(info, tags, operations, types, base))

    def get_openapi(request: HttpRequest) -> HttpResponse:
        return json_response(document(request.path.removesuffix("/openapi.json")))

    return get_openapi


def docs_view(title: str) -> View:
    """The view of the Swagger UI page."""
    page = _PAGE.format(title=escape(title), settings=json.dumps(_SETTINGS)).encode()

    def get_docs(request: HttpRequest) -> HttpResponse:
        response = json_response(page, content_type="text/html; charset=utf-8")
        response.headers["Content-Security-Policy"] = _POLICY
        return response

    return get_docs


def swagger_file_view(name: str) -> View:
    """The view of one of Swagger UI's files."""

    def get_file(request: HttpRequest) -> HttpResponse:
        body, etag = _swagger_file(name)
        return json_response(body, etag=etag, content_type=SWAGGER_FILES[name])

    return get_file


@lru_cache(maxsize=len(SWAGGER_FILES))
def _swagger_file(name: str) -> tuple[bytes, str]:
    body = files("ninja").joinpath("static", "ninja", name).read_bytes()
    return body, digest(body)
