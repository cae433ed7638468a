"""Dispatch: the middleware, and unexpected errors."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client

from tests.api.conftest import PREFIX, Get, problem_of
from tests.api.test_bad_input import EVERY_PATH
from wagtail_delivery.api.dispatch import dispatcher
from wagtail_delivery.api.queries import connection as queries
from wagtail_delivery.middleware import DeliveryMiddleware

reached: list[str] = []


class Spy:
    """Middleware that records the requests that reach it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        reached.append(request.path)
        return self.get_response(request)


@pytest.fixture
def spy(settings: Any) -> list[str]:
    first, *rest = settings.MIDDLEWARE
    settings.MIDDLEWARE = [first, f"{__name__}.Spy", *rest]
    reached.clear()
    return reached


@pytest.mark.parametrize("path", [*EVERY_PATH, "/unknown"])
def test_no_other_middleware_runs_for_the_api(spy: list[str], get: Get, path: str) -> None:
    get(path)
    assert spy == []


@pytest.mark.parametrize("path", ["/", "/admin/", "/api/", "/api/v1", "/api/v12/", "/ms/api/v1/"])
def test_other_paths_reach_the_other_middleware(spy: list[str], db: None, path: str) -> None:
    Client().get(path)
    assert spy == [path]


@pytest.mark.parametrize("path", EVERY_PATH)
def test_cookies_are_neither_set_nor_read(get: Get, path: str) -> None:
    response = get(path, headers={"Cookie": "sessionid=x; csrftoken=y"})
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


def test_the_middleware_passes_requests_on_without_the_apis_urls(settings: Any, db: None) -> None:
    settings.ROOT_URLCONF = "wagtail.admin.urls"
    seen: list[HttpRequest] = []

    def respond(request: HttpRequest) -> HttpResponse:
        seen.append(request)
        return HttpResponse()

    request = HttpRequest()
    request.path = request.path_info = f"{PREFIX}/authors"
    DeliveryMiddleware(respond)(request)
    assert seen == [request]


@pytest.mark.parametrize("error", [RuntimeError, ValueError, KeyError, TypeError, UnicodeError])
@pytest.mark.parametrize("path", ["/authors", "/authors/x", "/pages/x", "/site", "/locales"])
def test_an_unexpected_error_is_logged_and_not_disclosed(
    any_get: Get,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: type[Exception],
    path: str,
) -> None:
    def fail(*_: Any) -> None:
        raise error("password=secret")

    monkeypatch.setattr(queries, "rows", fail)
    with caplog.at_level(logging.ERROR, logger="wagtail_delivery.api.dispatch"):
        problem = problem_of(any_get(path), 500)
    assert "secret" not in str(problem)
    (record,) = [item for item in caplog.records if item.name == "wagtail_delivery.api.dispatch"]
    assert record.exc_info is not None
    assert "secret" in str(record.exc_info[1])


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_an_unavailable_database_is_503_with_retry_after(
    any_get: Get, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def fail(*_: Any) -> None:
        raise error("password=secret")

    monkeypatch.setattr(queries, "rows", fail)
    response = any_get("/authors")
    problem = problem_of(response, 503)
    assert "secret" not in str(problem)
    assert response["Retry-After"] == "5"


def test_the_dispatcher_is_built_once(get: Get) -> None:
    get("/authors")
    before = dispatcher()
    get("/authors/x")
    assert dispatcher() is before
