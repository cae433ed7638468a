"""The address that Prometheus asks."""

from __future__ import annotations

import logging
from importlib import import_module
from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare

from wagtail_delivery.conf import MetricsSettings
from wagtail_delivery.metrics.files import settled_files
from wagtail_delivery.metrics.recorder import folder
from wagtail_delivery.metrics.stored import StoredMetrics

logger = logging.getLogger(__name__)


def metrics_response(request: HttpRequest, settings: MetricsSettings) -> HttpResponse:
    """The metrics of all processes of this machine, and of the database."""
    if request.method not in ("GET", "HEAD"):
        return _text("Use GET or HEAD.\n", 405, {"Allow": "GET, HEAD"})
    if settings.TOKEN and not _has_token(request, settings.TOKEN):
        return _text("Send the token.\n", 401, {"WWW-Authenticate": "Bearer"})
    from prometheus_client import CollectorRegistry
    from prometheus_client.exposition import choose_encoder

    multiprocess: Any = import_module("prometheus_client.multiprocess")
    registry = CollectorRegistry()
    encode, content_type = choose_encoder(request.META.get("HTTP_ACCEPT", ""))
    with settled_files(folder()):
        multiprocess.MultiProcessCollector(registry, path=str(folder()))
        registry.register(StoredMetrics())
        try:
            body = encode(registry)
        except DatabaseError:
            logger.exception("The metrics cannot be read from the database.")
            return _text("The database does not respond.\n", 503, {})
    return HttpResponse(body, headers={"Content-Type": content_type, "Cache-Control": "no-store"})


def _has_token(request: HttpRequest, token: str) -> bool:
    given: str = request.META.get("HTTP_AUTHORIZATION", "")
    return constant_time_compare(given, f"Bearer {token}")


def _text(text: str, status: int, headers: dict[str, str]) -> HttpResponse:
    plain = {"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store"}
    return HttpResponse(text, status=status, headers=plain | headers)
