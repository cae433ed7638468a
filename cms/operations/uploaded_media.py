"""Security headers for uploaded files that this server serves under MEDIA_URL.

Uploads share the admin's origin, so a script in one would act with the rights of the user who opens
it. No upload may run scripts, and every file but an image is downloaded instead of displayed.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponseNotFound
from django.http.response import HttpResponseBase

DISPLAYED_TYPES = {"image/avif", "image/gif", "image/jpeg", "image/png", "image/webp"}
# Inline styles are harmless, and SVG needs them.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"


class UploadedMediaMiddleware:
    """Adds the headers to responses under MEDIA_URL."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if not settings.MEDIA_URL.startswith("/"):
            raise MiddlewareNotUsed("Media is served from another origin.")
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(settings.MEDIA_URL):
            return self.get_response(request)
        # Normalised like in the view, so /media/x/../documents/ is no way around this.
        path = posixpath.normpath(request.path_info)
        if path.startswith(f"{settings.MEDIA_URL}documents/"):
            # Documents can be private; only Wagtail's own view checks that and may serve them.
            return HttpResponseNotFound()
        response = self.get_response(request)
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
        is_file = response.status_code == HTTPStatus.OK
        if is_file and response.headers["Content-Type"] not in DISPLAYED_TYPES:
            response.headers["Content-Disposition"] = "attachment"
        return response
