"""HTTP semantics: validators, HEAD, preflights and CORS."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client, RequestFactory, override_settings

from tests.api.conftest import PREFIX, Get, problem_of
from tests.api.stored import put, put_page, put_redirect, put_site
from tests.api.test_bad_input import EVERY_PATH
from wagtail_delivery.extending import refusal_response

ID = "3b2d7c1e-6a55-4c0e-8d35-3a4f2c9f7a44"
#: Every cacheable path, with its query.
CACHEABLE: list[tuple[str, dict[str, str]]] = [
    ("/", {}),
    ("/locales", {}),
    ("/openapi.json", {}),
    ("/docs", {}),
    ("/site", {}),
    ("/site", {"locale": "en", "fallback": "ms"}),
    ("/pages", {}),
    (f"/pages/{ID}", {}),
    ("/authors", {"locale": "en", "fallback": "ms"}),
    ("/authors/usman", {}),
    ("/authors/usman", {"locale": "en", "fallback": "ms"}),
    ("/stamps/1", {}),
    ("/resolve", {"path": "/ms/"}),
    ("/resolve", {"path": "/ms"}),
    ("/resolve", {"path": "/lama"}),
]


@pytest.fixture
def content(db: None) -> None:
    put("authors", "author", ID, slug="usman", keys={"rank": 1})
    put("stamps", "stamp", "1", "")
    put_page("/ms/", ID)
    put_site()
    put_redirect("/lama", target="/en/")


@pytest.mark.parametrize(("path", "query"), CACHEABLE)
class TestCacheable:
    def test_responses_have_a_strong_validator(
        self, content: None, any_get: Get, path: str, query: dict[str, str]
    ) -> None:
        response = any_get(path, **query)
        assert response.status_code == 200
        etag = response["ETag"]
        assert etag[0] == etag[-1] == '"'
        assert len(etag) > 10
        assert "public" in response["Cache-Control"]
        assert any_get(path, **query)["ETag"] == etag

    @pytest.mark.parametrize(
        "template", ["{}", "W/{}", '"x", {}', '{}, "x"', 'W/"x",W/{} , "y"', "*", " {} "]
    )
    def test_a_matching_validator_gives_304(
        self, content: None, any_get: Get, path: str, query: dict[str, str], template: str
    ) -> None:
        first = any_get(path, **query)
        wanted = template.format(first["ETag"])
        second = any_get(path, headers={"If-None-Match": wanted}, **query)
        assert second.status_code == 304
        assert second.content == b""
        expected = dict(first.headers)
        for name in ("Content-Type", "Content-Length"):
            expected.pop(name)
            second.headers.pop(name, None)  # other middleware can set it to 0
        assert dict(second.headers) == expected

    @pytest.mark.parametrize("wanted", ['"x"', "x", "", "{}x", "W/*", '"*"'])
    def test_another_validator_gives_200(
        self, content: None, get: Get, path: str, query: dict[str, str], wanted: str
    ) -> None:
        first = get(path, **query)
        bare = first["ETag"].strip('"')
        second = get(path, headers={"If-None-Match": wanted.format(bare)}, **query)
        assert second.status_code == 200
        assert second.content == first.content

    def test_head_responses_have_the_same_headers(
        self, content: None, path: str, query: dict[str, str]
    ) -> None:
        client = Client()
        first = client.get(PREFIX + path, query)
        second = client.head(PREFIX + path, query)
        assert second.status_code == 200
        assert second.content == b""
        assert dict(second.headers) == dict(first.headers)
        assert second["Content-Length"] == str(len(first.content))
        third = client.head(PREFIX + path, query, headers={"If-None-Match": first["ETag"]})
        assert third.status_code == 304


def test_different_responses_have_different_validators(content: None, get: Get) -> None:
    put("authors", "author", ID, "en", slug="usman", keys={"rank": 1})
    tags = [get(path, **query)["ETag"] for path, query in CACHEABLE if query.get("locale") != "en"]
    page = get("/resolve", path="/ms/")["ETag"]
    # A page has the same document at both paths.
    assert tags.count(page) == 2
    assert len(set(tags)) == len(tags) - 1


def test_the_validator_of_a_list_depends_on_its_items(content: None, get: Get) -> None:
    before = get("/authors")["ETag"]
    assert get("/authors", limit=5)["ETag"] == before
    put("authors", "author", "x", keys={"rank": 2})
    assert get("/authors")["ETag"] != before


def test_errors_have_no_validator_and_never_give_304(get: Get) -> None:
    response = get("/authors/x", headers={"If-None-Match": "*"})
    problem_of(response, 404)
    assert "ETag" not in response


def test_head_of_a_missing_document(db: None) -> None:
    client = Client()
    response = client.head(f"{PREFIX}/authors/x")
    assert response.status_code == 404
    assert response.content == b""
    assert response["Content-Length"] == str(len(client.get(f"{PREFIX}/authors/x").content))


# CORS


@pytest.mark.parametrize("path", EVERY_PATH)
@pytest.mark.parametrize("origin", ["https://front.example", "https://kiosk.example:8443"])
def test_a_listed_origin_may_read(any_get: Get, path: str, origin: str) -> None:
    response = any_get(path, headers={"Origin": origin})
    assert response["Access-Control-Allow-Origin"] == origin
    assert response["Access-Control-Expose-Headers"] == "ETag, Content-Language, X-Content-Sequence"
    assert "Origin" in response["Vary"].split(", ")
    assert "Access-Control-Allow-Credentials" not in response


@pytest.mark.parametrize(
    "origin",
    [
        *("https://evil.example", "http://front.example", "https://front.example:444", "null"),
        *("https://front.example.evil.example", "https://evilfront.example", "*", ""),
        *("HTTPS://FRONT.EXAMPLE", "https://front.example, https://kiosk.example:8443"),
    ],
)
def test_an_unlisted_origin_may_not_read(get: Get, origin: str) -> None:
    response = get("/authors", headers={"Origin": origin})
    assert response.status_code == 200
    assert "Access-Control-Allow-Origin" not in response
    assert response["Vary"] == "Origin"


def test_a_wildcard_allows_every_origin(get: Get, settings: Any) -> None:
    settings.WAGTAIL_DELIVERY = {**settings.WAGTAIL_DELIVERY, "CORS_ORIGINS": ["*"]}
    for headers in ({}, {"Origin": "https://any.example"}):
        response = get("/authors", headers=headers)
        assert response["Access-Control-Allow-Origin"] == "*"
        assert "Vary" not in response
        assert "Access-Control-Allow-Credentials" not in response


def test_no_origin_may_read_by_default(get: Get, settings: Any) -> None:
    settings.WAGTAIL_DELIVERY = {"TITLE": "x"}
    response = get("/authors", headers={"Origin": "https://front.example"})
    assert not [name for name in response.headers if name.startswith("Access-Control")]
    assert "Vary" not in response


@pytest.mark.parametrize("path", [*EVERY_PATH, "/unknown"])
def test_a_preflight(path: str, django_assert_num_queries: Any, db: None) -> None:
    with django_assert_num_queries(0):
        response = Client().options(
            PREFIX + path,
            headers={
                "Origin": "https://front.example",
                "Access-Control-Request-Method": "GET",
                "Access-Control-Request-Headers": "if-none-match",
            },
        )
    assert response.status_code == 204
    assert response.content == b""
    assert response["Access-Control-Allow-Origin"] == "https://front.example"
    assert response["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert response["Access-Control-Allow-Headers"] == "*"
    assert int(response["Access-Control-Max-Age"]) > 0
    assert response["Allow"] == "GET, HEAD, OPTIONS"


def test_listed_origins_may_read_errors(get: Get) -> None:
    for response in (
        get("/authors/x", headers={"Origin": "https://front.example"}),
        get("/authors", limit=0, headers={"Origin": "https://front.example"}),
    ):
        assert response["Access-Control-Allow-Origin"] == "https://front.example"


FRONT_END = "https://front-end.example"


@override_settings(WAGTAIL_DELIVERY={"CORS_ORIGINS": [FRONT_END]})
@pytest.mark.parametrize("method", ["get", "head", "post"])
def test_what_the_web_server_refuses_is_a_problem_document(method: str) -> None:
    request = getattr(RequestFactory(), method)(f"{PREFIX}/authors", headers={"Origin": FRONT_END})
    response = refusal_response(request, HTTPStatus.REQUEST_URI_TOO_LONG, "The line is too long.")
    assert response is not None
    assert response["Content-Type"] == "application/problem+json"
    assert response["Cache-Control"] == "no-store"
    assert response["Access-Control-Allow-Origin"] == FRONT_END
    assert response["Vary"] == "Origin"
    assert int(response["Content-Length"]) > 0
    if method == "head":
        assert response.content == b""
    else:
        problem = json.loads(response.content)
        assert (problem["status"], problem["detail"]) == (414, "The line is too long.")


@pytest.mark.parametrize("path", ["/", "/api", f"/x{PREFIX}/authors", ""])
def test_what_the_web_server_refuses_elsewhere_is_not_the_apis(path: str) -> None:
    request = RequestFactory().get("/")
    request.path_info = path
    assert refusal_response(request, HTTPStatus.BAD_REQUEST, "Bad.") is None
