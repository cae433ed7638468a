"""The middleware: dispatches API requests early, and reports failed publishes to editors.

It also answers Prometheus, if that is set.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from wagtail_delivery.api.dispatch import api_prefix, dispatcher
from wagtail_delivery.conf import delivery_settings
from wagtail_delivery.encoding.base import EncodingError
from wagtail_delivery.metrics.views import metrics_response
from wagtail_delivery.publishing.admin_errors import error_response
from wagtail_delivery.publishing.fault_reports import reporting_to


class DeliveryMiddleware:
    """Responds to API requests before sessions, authentication and locales are set up.

    Put it first in MIDDLEWARE, or right after Django's SecurityMiddleware. Without it the API is
    slower, and an editor does not see which pictures are missing, nor, outside forms, why a publish
    failed.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        dispatcher()  # Made at start, so the first request is not slower.
        self._prefix: str | None = None
        self._metrics = delivery_settings().METRICS

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if self._metrics is not None and request.path_info == self._metrics.PATH:
            return metrics_response(request, self._metrics)
        if self._prefix is None:
            self._prefix = api_prefix()
        if self._prefix and request.path_info.startswith(self._prefix):
            return dispatcher().respond(request, request.path_info[len(self._prefix) :])
        with reporting_to(request):
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return error_response(request, error) if isinstance(error, EncodingError) else None
