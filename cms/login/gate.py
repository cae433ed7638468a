"""A bound on log-ins, so that password checks leave the server's threads to others.

A password check takes a third of a second of a processor by design. Without a bound, a few clients
with wrong passwords would keep all threads and processors of the server busy.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from http import HTTPStatus
from threading import BoundedSemaphore, Lock
from typing import Any

from django.conf import settings
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, UnreadablePostError
from django.http.response import HttpResponseBase
from django.shortcuts import render

#: Seconds after which a client that was sent away should try again.
RETRY_AFTER = 2


class GatedRequest(HttpRequest):
    """A request with what is released when its response is made."""

    login_gate: ExitStack


class LoginGateMiddleware:
    """Lets one log-in at a time through in each server process.

    A few more wait for their turn; `settings.LOGIN_THREADS` counts all of them. Further ones are
    sent away at once with 429, so they hold no thread that another request may need.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.places = BoundedSemaphore(settings.LOGIN_THREADS)
        self.turn = Lock()

    def __call__(self, request: GatedRequest) -> HttpResponseBase:
        with ExitStack() as stack:
            request.login_gate = stack
            return self.get_response(request)

    def process_view(
        self, request: GatedRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Hold a place for a submitted log-in form until its response is made."""
        if request.method != "POST" or not is_login_view(view):
            return None
        try:
            # Read before taking a place: a client that sends slowly must not hold one.
            request.body  # noqa: B018
        except UnreadablePostError:
            return HttpResponseBadRequest()
        if not self.places.acquire(blocking=False):
            return busy_response(request)
        request.login_gate.callback(self.places.release)
        request.login_gate.enter_context(self.turn)
        return None


def is_login_view(view: Any) -> bool:
    """Whether `view` is made of Django's log-in view; Wagtail's decorators keep its class."""
    return issubclass(getattr(view, "view_class", object), LoginView)


def busy_response(request: HttpRequest) -> HttpResponse:
    """A page that asks the person to try again."""
    response = render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
    response.headers["Retry-After"] = str(RETRY_AFTER)
    return response
