"""Needs its own project: `pytest plugins/wagtail-delivery/tests/api --ds=tests.api.settings`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from wagtail_delivery.api.queries import prepared_statements

OWN_PROJECT = "tests.api.settings"
if settings.SETTINGS_MODULE != OWN_PROJECT:
    collect_ignore_glob = ["test_*.py", "library/*"]

PREFIX = "/api/v1"
Get = Callable[..., Any]


@pytest.fixture(autouse=True)
def _prepare_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run every query of these tests as a prepared statement on PostgreSQL, and forget none.

    To forget one is another query.
    """
    monkeypatch.setattr(prepared_statements, "PREPARE_THRESHOLD", 1)
    monkeypatch.setattr(prepared_statements, "PREPARED_MAX", 100_000)
    monkeypatch.setattr(
        prepared_statements, "can_prepare", lambda connection: connection.vendor == "postgresql"
    )


@pytest.fixture
def get(db: None) -> Get:
    """GET below the API's prefix; query parameters as keywords."""
    client = Client()

    def get(path: str, /, headers: dict[str, str] | None = None, **query: object) -> Any:
        return client.get(PREFIX + path, query, headers=headers)

    return get


@pytest.fixture(params=["with middleware", "without middleware"])
def any_get(request: Any, settings: Any, get: Get) -> Iterator[Get]:
    """As `get`, in projects with and without the API's middleware."""
    if request.param == "without middleware":
        settings.MIDDLEWARE = settings.MIDDLEWARE[1:]
    return get


def problem_of(response: Any, status: int) -> dict[str, Any]:
    """The problem document of a response, which must have `status`."""
    assert response.status_code == status, response.content[:500]
    assert response["Content-Type"] == "application/problem+json"
    assert response["Cache-Control"] == "no-store"
    problem: dict[str, Any] = json.loads(response.content)
    assert list(problem) == ["type", "title", "status", "detail", "errors"]
    assert problem["status"] == status
    assert problem["detail"]
    return problem


def invalid_parameters(response: Any, status: int = 400) -> list[str]:
    """The invalid parameters named in a problem document."""
    return [error["parameter"] for error in problem_of(response, status)["errors"]]
