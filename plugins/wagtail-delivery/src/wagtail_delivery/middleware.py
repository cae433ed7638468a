"""Lets the API be answered before sessions, authentication, locales and the like are set up.

And lets editors whose change cannot be published be told so.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import NoReverseMatch, get_script_prefix, reverse

from wagtail_delivery.api.dispatch import dispatcher
from wagtail_delivery.encoding.base import EncodingError
from wagtail_delivery.publishing.admin_errors import error_response


class DeliveryMiddleware:
    """Answers what is below the API's address by itself. Is to come first in MIDDLEWARE, or right
    behind Django's SecurityMiddleware.

    The API works without it, only slower. Where a document cannot be made an editor is told why.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        dispatcher()  # made now, so that the first request need not wait
        self._prefix: str | None = None

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if self._prefix is None:
            self._prefix = _api_prefix()
        if self._prefix and request.path_info.startswith(self._prefix):
            return dispatcher().respond(request, request.path_info[len(self._prefix) :])
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return error_response(request, error) if isinstance(error, EncodingError) else None


def _api_prefix() -> str:
    """Where the project has included the API's URLs; empty where it has not."""
    try:
        address = reverse("wagtail_delivery:root")
    except NoReverseMatch:
        return ""
    return address[len(get_script_prefix()) - 1 :]
