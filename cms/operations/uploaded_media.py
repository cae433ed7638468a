"""What browsers may do with uploaded files that this server itself hands out under MEDIA_URL.

An upload comes from the admin's own origin, so a script in it would act as whoever opens it. No
upload may run one, and what is not a picture is saved instead of shown.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponseNotFound
from django.http.response import HttpResponseBase

SHOWN_IN_BROWSER = {"image/avif", "image/gif", "image/jpeg", "image/png", "image/webp"}
# Styles inside a picture are harmless and SVG needs them.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"


class UploadedMediaMiddleware:
    """Adds the headers to responses under MEDIA_URL; elsewhere does nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if not settings.MEDIA_URL.startswith("/"):
            raise MiddlewareNotUsed("Media is served from another origin.")
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(settings.MEDIA_URL):
            return self.get_response(request)
        # Normalised as the view does it, so that /media/x/../documents/ is no way round.
        path = posixpath.normpath(request.path_info)
        if path.startswith(f"{settings.MEDIA_URL}documents/"):
            # Documents can be private: only Wagtail's own view, which checks that, gives them out.
            return HttpResponseNotFound()
        response = self.get_response(request)
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
        is_file = response.status_code == HTTPStatus.OK
        if is_file and response.headers["Content-Type"] not in SHOWN_IN_BROWSER:
            response.headers["Content-Disposition"] = "attachment"
        return response
