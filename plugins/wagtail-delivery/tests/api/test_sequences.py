"""`X-Content-Sequence` and `at_least`: a response is never older than it says, or than is asked."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, router

from tests.api.conftest import Get, invalid_parameters, problem_of
from tests.api.stored import put, put_change, put_page, put_redirect, put_site
from tests.api.test_changes import looking
from wagtail_delivery.api.queries import connection as queries
from wagtail_delivery.models import Change, PublishedDocument

ID = "6f1d3c70-58a5-4f3f-9d55-0a4f2c9f7a11"
#: Path and query of everything that reads the content.
READING: list[tuple[str, dict[str, object]]] = [
    ("/locales", {}),
    ("/site", {}),
    ("/site", {"locale": "en", "fallback": "ms"}),
    ("/resolve", {"path": "/ms/"}),
    ("/resolve", {"path": "/ms"}),
    ("/resolve", {"path": "/lama"}),
    ("/resolve", {"path": "/ms/", "fallback": "en"}),
    ("/pages", {}),
    ("/pages", {"order": "-title"}),
    ("/pages", {"locale": "en", "fallback": "ms"}),
    ("/pages", {"type": "event_page"}),
    (f"/pages/{ID}", {}),
    (f"/pages/{ID}", {"locale": "en", "fallback": "ms"}),
    ("/authors", {}),
    ("/authors", {"order": "-rank", "genre": "poetry"}),
    ("/authors/usman", {}),
    ("/stamps/1", {}),
    ("/changes", {}),
]


@pytest.fixture(autouse=True)
def content(db: None) -> None:
    put_page("/ms/", ID)
    put_site(path="/ms/")
    put_redirect("/lama", target="https://www.example.org/")
    put("authors", "author", ID, slug="usman", keys={"rank": 1})
    stamp = put("stamps", "stamp", "1", "")
    put_change(41, document=stamp)


@pytest.mark.parametrize(("path", "query"), READING)
def test_a_response_has_its_number_from_its_first_statement(
    get: Get, path: str, query: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    execute, statements = queries.rows, []

    def changing(sql: str, parameters: Any) -> Any:
        found = execute(sql, parameters)
        statements.append(sql)
        put_change(document=PublishedDocument.objects.first())  # between two statements
        return found

    monkeypatch.setattr(queries, "rows", changing)
    response = get(path, **query)
    assert response.status_code == 200
    assert response["X-Content-Sequence"] == "41"
    assert Change._meta.db_table in statements[0]


@pytest.mark.parametrize(("path", "query"), READING)
def test_the_number_costs_no_statement(
    get: Get, path: str, query: dict[str, object], django_assert_max_num_queries: Any
) -> None:
    most = 2 if "order" in query else 1
    with django_assert_max_num_queries(most):
        get(path, **query)
    with django_assert_max_num_queries(most + 1):
        assert get(path, at_least=41, **query).status_code == 200


def test_an_empty_log(get: Get) -> None:
    Change.objects.all().delete()
    assert get("/authors/usman", at_least=0)["X-Content-Sequence"] == "0"


def test_304_has_it_too(get: Get) -> None:
    etag = get("/authors/usman")["ETag"]
    put_change(42, document=PublishedDocument.objects.first())
    response = get("/authors/usman", headers={"If-None-Match": etag})
    assert response.status_code == 304
    assert response["X-Content-Sequence"] == "42"


@pytest.mark.parametrize(
    "path",
    ["/", "/openapi.json", "/health/live", "/health/ready", "/health/queue", "/health/memory"],
)
def test_what_reads_no_content_has_no_number(get: Get, path: str) -> None:
    assert "X-Content-Sequence" not in get(path)
    assert invalid_parameters(get(path, at_least=1)) == ["at_least"]


@pytest.mark.parametrize(("path", "query"), READING)
def test_what_has_not_arrived_is_not_answered(
    get: Get, path: str, query: dict[str, object]
) -> None:
    with looking() as slept:
        response = get(path, at_least=42, **query)
    problem_of(response, 503)
    assert response["Retry-After"] == "2"
    assert "X-Content-Sequence" not in response
    assert sum(slept) == 2


@pytest.mark.parametrize(("path", "query"), READING)
def test_what_arrives_in_time_is_answered(get: Get, path: str, query: dict[str, object]) -> None:
    stamp = PublishedDocument.objects.get(collection="stamps")
    with looking(lambda: None, lambda: put_change(42, document=stamp)) as slept:
        response = get(path, at_least=42, **query)
    assert response.status_code == 200
    assert response["X-Content-Sequence"] == "42"
    assert sum(slept) == 0.5


def test_something_missing_is_missed_at_this_number_too(get: Get) -> None:
    """A page that was just published is not 404 for who asks for its change."""
    path = "/resolve"
    problem_of(get(path, path="/ms/baharu/"), 404)

    def publish() -> None:
        put_change(42, document=put_page("/ms/baharu/"))

    with looking(publish):
        assert get(path, path="/ms/baharu/", at_least=42).status_code == 200


def test_if_many_wait_the_answer_comes_at_once(get: Get, monkeypatch: pytest.MonkeyPatch) -> None:
    with looking() as slept:
        monkeypatch.setattr("wagtail_delivery.api.waiting._waiting", 2)
        problem_of(get("/authors", at_least=42), 503)
    assert slept == []


@pytest.mark.parametrize("value", ["", "-1", "x", "1.0", "+1", " 1", str(2**63), "9" * 40])
def test_bad_values(get: Get, value: str) -> None:
    assert invalid_parameters(get("/authors", at_least=value)) == ["at_least"]


def test_a_request_reads_one_database(get: Get, monkeypatch: pytest.MonkeyPatch) -> None:
    """A router may choose another replica each time, of which one may lag behind the other."""
    asked: list[str] = []

    def alternate(model: Any, **_: Any) -> str:
        asked.append(model.__name__)
        return connection.alias

    monkeypatch.setattr(router, "db_for_read", alternate)
    assert get("/authors", order="-rank", at_least=41).status_code == 200
    assert asked == ["PublishedDocument"]
