"""Invalid requests: the response names the mistake and is never a server error."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_started
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests.api.conftest import PREFIX, Get, invalid_parameters, problem_of
from tests.api.stored import put, put_page, put_site
from tests.wsgi_environ import wsgi_environ

ID = "2b2d7c1e-6a55-4c0e-8d35-3a4f2c9f7a33"
EVERY_PATH = [
    *("/", "/locales", "/resolve", "/site", "/openapi.json", "/docs"),
    *("/health/live", "/health/ready", "/health/queue", "/health/memory"),
    *("/pages", f"/pages/{ID}", "/authors", f"/authors/{ID}", "/stamps", "/stamps/1"),
]


def ask(path: str, query: str = "", method: str = "GET", **environment: str) -> Any:
    """The response to a request with exactly these bytes in its path and query (latin-1)."""
    environ = wsgi_environ(path, query, method, environment)
    # As Django's test client does, keep the database connection of the test.
    request_started.disconnect(close_old_connections)
    try:
        response: Any = _handler(tuple(settings.MIDDLEWARE))(environ, lambda *_: None)
    finally:
        request_started.connect(close_old_connections)
    return response


@lru_cache
def _handler(middleware: tuple[str, ...]) -> WSGIHandler:
    """A handler built with these settings."""
    return WSGIHandler()


@pytest.mark.parametrize("path", EVERY_PATH)
def test_every_path_rejects_unknown_parameters(
    any_get: Get, path: str, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        assert "colour" in invalid_parameters(any_get(path, colour="red"))


@pytest.mark.parametrize("path", EVERY_PATH)
@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("%00=1", "\0"),
        ("%FF=1", "�"),
        ("=1", ""),
        ("x", "x"),
        ("%zz=1", "%zz"),
        ("locale[]=ms", "locale[]"),
        ("Locale=ms", "Locale"),
        ("filter_0=1", "filter_0"),
    ],
)
def test_unknown_parameter_names_of_any_form_are_rejected(
    get: Get, path: str, query: str, parameter: str
) -> None:
    assert parameter in invalid_parameters(ask(PREFIX + path, query))


@pytest.mark.parametrize(
    ("path", "parameter", "good"),
    [
        ("/resolve", "path", "/ms/"),
        ("/resolve", "site", "main.example:80"),
        ("/site", "site", "main.example:80"),
        ("/site", "locale", "ms"),
        ("/pages", "type", "book_page"),
        ("/pages", "parent", ID),
        ("/pages", "order", "title"),
        (f"/pages/{ID}", "fallback", "ms"),
        ("/authors", "note", "x"),
        ("/authors", "rank", "1"),
        ("/authors", "limit", "1"),
        ("/authors", "cursor", "AAAA"),
        ("/stamps", "value", "1"),
    ],
)
class TestEachParameter:
    """Invalid values are rejected before any query."""

    @pytest.fixture(autouse=True)
    def _no_queries(self, db: None, django_assert_num_queries: Any) -> Any:
        with django_assert_num_queries(0):
            yield

    @pytest.mark.parametrize(
        "bad",
        [
            "%00",
            "a%00b",
            "%FF",
            "%C3",
            "%C3%28",
            "%ED%A0%80",  # half of a surrogate pair
            "%F4%90%80%80",  # beyond Unicode
            "%C0%AF",  # overlong
            "\xff",
            "%",
            "%4",
            "%zz",
            "%u0041",
            "x" * 10_000,
            "%C3%BC" * 10_000,
        ],
    )
    def test_invalid_values_are_rejected(
        self, path: str, parameter: str, good: str, bad: str
    ) -> None:
        assert parameter in invalid_parameters(ask(PREFIX + path, f"{parameter}={bad}"))

    def test_repeated_parameters_are_rejected(self, path: str, parameter: str, good: str) -> None:
        value = quote(good)
        found = invalid_parameters(ask(PREFIX + path, f"{parameter}={value}&{parameter}={value}"))
        assert parameter in found

    def test_too_many_parameters_are_rejected(self, path: str, parameter: str, good: str) -> None:
        query = "&".join(f"x{number}=1" for number in range(5000))
        assert "x0" in invalid_parameters(ask(PREFIX + path, query))


@pytest.mark.parametrize(
    "limit", ["0", "101", "1000000000", "9" * 30, "-1", "", "1.0", "1e1", "01x", " 1", "٣", "null"]
)
@pytest.mark.parametrize("path", ["/pages", "/authors", "/stamps"])
def test_invalid_limits_are_rejected(
    get: Get, path: str, limit: str, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        assert invalid_parameters(get(path, limit=limit)) == ["limit"]


@pytest.mark.parametrize(
    "order", ["", "-", "--rank", "colour", "rank,title", "rank ", "Rank", "rank;DROP", "position"]
)
def test_unknown_orders_are_rejected(get: Get, order: str, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert invalid_parameters(get("/authors", order=order)) == ["order"]


def test_every_invalid_parameter_is_named(get: Get) -> None:
    found = invalid_parameters(get("/authors", limit=0, order="x", rank="x", born="x"))
    assert sorted(found) == ["born", "limit", "order", "rank"]
    found = invalid_parameters(ask(f"{PREFIX}/authors", "a=1&b=2&rank=%FF"))
    assert found == ["a", "b", "rank"]


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("\0", 400),
        ("a\0b", 400),
        ("x" * 256, 400),
        ("x" * 10_000, 400),
        ("x" * 255, 404),
        ("9" * 30, 404),
        ("'; DROP TABLE delivery_document; --", 404),
        ("%s", 404),
        ("%(name)s", 404),
        ("..", 404),
        # Bytes that are not UTF-8 stand percent-encoded in the path, and no such thing exists.
        ("\xff", 404),
        ("\xed\xa0\x80", 404),
        ("%FF", 404),
        ("\n", 404),
        ("a\r\nSet-Cookie: x=1", 404),
        ("\U0001f4da".encode().decode("latin-1"), 404),
    ],
)
@pytest.mark.parametrize(
    ("path", "parameter"),
    [("/authors/", "id_or_slug"), ("/pages/", "id"), ("/publishers/", "id"), ("/stamps/", "id")],
)
def test_names_in_paths(get: Get, path: str, parameter: str, name: str, status: int) -> None:
    response = ask(PREFIX + path + name)
    assert invalid_parameters(response, status) == ([parameter] if status == 400 else [])


@pytest.mark.parametrize(
    "path",
    [
        *(
            "/unknown",
            "/unknown/1",
            "//",
            "/authors/",
            "/pages/",
            "/resolve/",
            "/site/1",
            "/health",
        ),
        *("/health/", "/health/dead", "/openapi", "/openapi.json/", "/docs/", "/search", "/acts"),
        *("/\0", "/\xff", "/" + "x" * 10_000, "/\n", "/../admin/", "/authors\0", "/.", "/%00"),
    ],
)
@pytest.mark.parametrize("middleware", [True, False])
def test_an_unknown_path_is_404(
    db: None,
    settings: Any,
    path: str,
    middleware: bool,
    django_assert_num_queries: Any,
) -> None:
    if not middleware:
        settings.MIDDLEWARE = settings.MIDDLEWARE[1:]
    with django_assert_num_queries(0):
        problem_of(ask(PREFIX + path), 404)


@pytest.mark.parametrize("path", [*EVERY_PATH, "/unknown"])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "X"])
def test_other_methods_are_405(db: None, settings: Any, path: str, method: str) -> None:
    for middleware in (settings.MIDDLEWARE, settings.MIDDLEWARE[1:]):
        settings.MIDDLEWARE = middleware
        response = ask(PREFIX + path, method=method)
        problem_of(response, 405)
        assert response["Allow"] == "GET, HEAD, OPTIONS"


def test_post_is_405_without_a_csrf_token(db: None, settings: Any) -> None:
    settings.MIDDLEWARE = settings.MIDDLEWARE[1:]
    response = Client(enforce_csrf_checks=True).post(f"{PREFIX}/authors", {"x": "1"})
    problem_of(response, 405)


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "a b", "", "\xff", "x" * 5000])
@pytest.mark.parametrize("path", ["/", "/locales", "/openapi.json", "/docs", "/pages", "/unknown"])
def test_the_host_header_does_not_matter(db: None, path: str, host: str) -> None:
    put_site()
    usual = ask(PREFIX + path, HTTP_HOST="testserver")
    other = ask(PREFIX + path, HTTP_HOST=host, HTTP_X_FORWARDED_HOST="evil.example")
    assert other.status_code == usual.status_code
    assert other.content == usual.content
    assert dict(other.headers) == dict(usual.headers)
    assert b"testserver" not in usual.content


# Random requests


def _query_strings() -> st.SearchStrategy[str]:
    names = st.sampled_from(
        [
            *("path", "site", "locale", "fallback", "limit", "cursor", "order", "type", "parent"),
            *("released", "rank", "score", "price", "alive", "genre", "grade", "code", "born"),
            *("seen", "wakes", "tenure", "note", "author_limit", "publisher", "value", "x"),
        ]
    )
    raw = st.text(st.characters(max_codepoint=255), max_size=20)
    escaped = st.binary(max_size=12).map(quote)
    values = st.one_of(
        raw,
        escaped,
        st.text(max_size=12).map(lambda text: quote(text, errors="replace")),
        st.integers().map(str),
        st.floats().map(str),
        st.dates().map(str),
        st.datetimes(timezones=st.timezones() | st.none()).map(lambda m: quote(m.isoformat())),
        st.sampled_from(["ms", "en", "true", "/ms/", "-rank", "id", ID, "P1D", "1", "poetry"]),
    )
    pairs = st.tuples(st.one_of(names, names, raw), values).map("=".join)
    return st.one_of(st.lists(pairs, max_size=4).map("&".join), raw)


class AnyRequest(TestCase):
    """No request gets a server error, or a response that is not JSON."""

    def setUp(self) -> None:
        super().setUp()
        put("authors", "author", ID, slug="usman", keys={"rank": 1})
        put("stamps", "stamp", "1", "", keys={"value": 1})
        put_page("/ms/", ID)
        put_site()

    @hypothesis_settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        path=st.one_of(
            st.sampled_from([path for path in EVERY_PATH if path != "/docs"]),
            st.builds(
                "{}{}".format,
                st.sampled_from(["/", "/authors/", "/pages/", "/stamps/", "/health/"]),
                st.text(st.characters(max_codepoint=255), max_size=20),
            ),
        ),
        query=_query_strings(),
        method=st.sampled_from(["GET", "HEAD", "OPTIONS", "POST"]),
        if_none_match=st.none() | st.text(st.characters(max_codepoint=255), max_size=30),
    )
    @example(path="/resolve", query="path=%2F%25ED%25A0%2580", method="GET", if_none_match=None)
    def test_every_request_gets_a_json_response(
        self, path: str, query: str, method: str, if_none_match: str | None
    ) -> None:
        headers = {} if if_none_match is None else {"HTTP_IF_NONE_MATCH": if_none_match}
        response = ask(PREFIX + path, query, method, **headers)
        assert response.status_code in (200, 204, 304, 400, 404, 405, 410)
        assert response["X-Content-Type-Options"] == "nosniff"
        if method == "HEAD" or response.status_code in (204, 304):
            assert response.content == b""
        else:
            json.loads(response.content.decode("utf-8"))
