"""The application of a delivery process: the API of this project and nothing else.

Same code, settings and middleware as on the project's own server, so the same bytes. Everything
that a front-end does not need is left out: sessions, authentication, templates, Wagtail's URLs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.urls import include, path, re_path

from wagtail_delivery.api.dispatch import dispatcher
from wagtail_delivery.api.problems import not_found
from wagtail_delivery.serving.application import (
    HARMLESS,
    OWN_MIDDLEWARE,
    Application,
    Environ,
    StartResponse,
    with_memory,
)


@dataclass(eq=False)
class Addresses:
    """A URLconf with the API at one path."""

    urlpatterns: list[Any]


def refuse(request: HttpRequest) -> HttpResponse:
    """The response to whatever is not the API's."""
    return dispatcher().refuse(request, not_found("No operation has this path."))


def delivery_application(api_path: str) -> Application:
    """The application with the API at `api_path`, such as "/api/v1/".

    It changes Django's settings: this process serves nothing else.
    """
    below = f"{api_path.strip('/')}/".lstrip("/")
    settings.ROOT_URLCONF = Addresses(
        [path(below, include("wagtail_delivery.urls")), re_path("", refuse)]
    )
    settings.MIDDLEWARE = [*_harmless_before_own(settings.MIDDLEWARE), OWN_MIDDLEWARE]
    is_secure = bool(settings.SECURE_SSL_REDIRECT)
    # What is in front terminates TLS. No header decides what the response is.
    settings.SECURE_PROXY_SSL_HEADER = None
    return with_memory(_SchemeApplication(WSGIHandler(), "https" if is_secure else "http"))


class _SchemeApplication:
    """Tells Django the scheme that the public uses."""

    def __init__(self, application: Application, scheme: str) -> None:
        self._application, self._scheme = application, scheme

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        environ["wsgi.url_scheme"] = self._scheme
        return self._application(environ, start_response)


def _harmless_before_own(middleware: Iterable[str]) -> list[str]:
    """The project's middleware that adds headers to the API's responses."""
    names = list(middleware)
    before = names[: names.index(OWN_MIDDLEWARE)] if OWN_MIDDLEWARE in names else []
    return [name for name in before if name in HARMLESS]
