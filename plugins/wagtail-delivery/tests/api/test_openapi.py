"""The OpenAPI document: valid, fully typed, and accurate."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError
from jsonschema import Draft202012Validator, ValidationError
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.api.conftest import Get
from tests.api.stored import put, put_change, put_page, put_redirect, put_route, put_site
from tests.json_schemas import closed, lone_nulls, undescribed_locations
from wagtail_delivery.api import examples
from wagtail_delivery.api.dispatch import dispatcher
from wagtail_delivery.api.problems import CONTENT_TYPE
from wagtail_delivery.api.views import health
from wagtail_delivery.api.views.docs import SWAGGER_FILES
from wagtail_delivery.models import Change, PublishedDocument

Json = Any
ID = "4b2d7c1e-6a55-4c0e-8d35-3a4f2c9f7a55"
#: When the entry was recorded that the example of a problem of `/changes` goes on from.
EXAMPLE_MOMENT = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


@pytest.fixture
def document(get: Get) -> Json:
    return get("/openapi.json").json()


def schemas_in(value: Json, pointer: str = "") -> Iterator[tuple[str, Json]]:
    """Every schema of an OpenAPI document, with its JSON pointer."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from schemas_in(item, f"{pointer}/{index}")
    if not isinstance(value, dict):
        return
    for name, item in value.items():
        here = f"{pointer}/{name}"
        if name in ("schema", "items", "additionalProperties", "contains", "not", "propertyNames"):
            yield here, item
        if name in ("properties", "schemas", "patternProperties", "$defs"):
            yield from ((f"{here}/{key}", schema) for key, schema in item.items())
        if name in ("anyOf", "oneOf", "allOf", "prefixItems"):
            yield from ((f"{here}/{index}", schema) for index, schema in enumerate(item))
        if name not in ("examples", "default", "enum", "const", "mapping"):
            yield from schemas_in(item, here)


def is_typed(schema: Json) -> bool:
    if isinstance(schema, bool):
        return schema is False
    constraints = {"$ref", "type", "enum", "const", "anyOf", "oneOf", "allOf"} & set(schema)
    if schema.get("type") == "array":
        return "items" in schema or "prefixItems" in schema
    if schema.get("type") == "object":
        return "properties" in schema or "additionalProperties" in schema
    return bool(constraints)


def test_the_document_is_valid(document: Json) -> None:
    OpenAPIV31SpecValidator(document).validate()
    assert document["openapi"].startswith("3.1.")


def test_every_schema_is_typed(document: Json) -> None:
    found = dict(schemas_in(document))
    assert len(found) > 100
    assert [pointer for pointer, schema in found.items() if not is_typed(schema)] == []


def test_the_walk_finds_untyped_schemas() -> None:
    broken = {"a": {"schema": {}}, "properties": {"x": {"type": "array"}, "y": {"anyOf": [True]}}}
    found = dict(schemas_in(broken))
    assert sorted(p for p, schema in found.items() if not is_typed(schema)) == [
        "/a/schema",
        "/properties/x",
        "/properties/y/anyOf/0",
    ]


def operations(document: Json) -> Iterator[tuple[str, Json]]:
    for path, item in document["paths"].items():
        assert set(item) == {"get"}, "the API is read only"
        yield path, item["get"]


def test_operation_ids_are_unique_and_readable(document: Json) -> None:
    names = {path: operation["operationId"] for path, operation in operations(document)}
    assert names == {
        "/": "get_service_document",
        "/locales": "list_locales",
        "/resolve": "resolve_path",
        "/site": "get_site",
        "/pages": "list_pages",
        "/pages/{id}": "get_page",
        "/authors": "list_authors",
        "/authors/{id_or_slug}": "get_author",
        "/publishers": "list_publishers",
        "/publishers/{id}": "get_publisher",
        "/stamps": "list_stamps",
        "/stamps/{id}": "get_stamp",
        "/changes": "list_changes",
        "/health/live": "check_live",
        "/health/ready": "check_ready",
        "/health/queue": "check_queue",
        "/health/memory": "check_memory",
    }


def test_the_documented_operations_are_the_urls(document: Json) -> None:
    door = dispatcher()
    described = set(document["paths"])
    existing = {f"/{path}" for path in door.whole}
    existing |= {
        f"/{path}/{{{call.operation.path_parameter.name}}}" for path, call in door.named.items()
    }
    files = {f"/docs/{name}" for name in SWAGGER_FILES}
    assert existing - described == {"/openapi.json", "/docs", *files}
    assert described - existing == set()


def test_everything_is_described(document: Json) -> None:
    assert undescribed_locations(document) == []
    document["components"]["schemas"]["Seo"]["properties"]["title"].pop("description")
    assert undescribed_locations(document) == ["Seo/title"], "the walk finds what is not"


def test_no_value_is_only_null(document: Json) -> None:
    """Generators of clients fail on it. Here are types without a locale, and a complete list."""
    assert lone_nulls(document) == []


def test_no_operation_needs_a_login(document: Json) -> None:
    assert document["security"] == []
    assert not any("security" in operation for _, operation in operations(document))


def test_the_tags_are_those_of_the_operations(document: Json) -> None:
    used = [operation["tags"] for _, operation in operations(document)]
    assert all(len(tags) == 1 for tags in used)
    assert [tag["name"] for tag in document["tags"]] == list(
        dict.fromkeys(tags[0] for tags in used)
    )


def test_every_parameter_is_described(document: Json) -> None:
    for path, operation in operations(document):
        names = [parameter["name"] for parameter in operation["parameters"]]
        assert len(names) == len(set(names))
        for parameter in operation["parameters"]:
            assert parameter["description"], (path, parameter)
            assert parameter["required"] == (
                parameter["in"] == "path" or (path, parameter["name"]) == ("/resolve", "path")
            )
            schema = parameter["schema"]
            assert "null" not in json.dumps(schema)
            if "default" in schema:
                Draft202012Validator(schema).validate(schema["default"])


def test_the_parameters_of_a_list(document: Json) -> None:
    parameters = {
        parameter["name"]: parameter["schema"]
        for parameter in document["paths"]["/authors"]["get"]["parameters"]
    }
    assert parameters["locale"] == {
        "type": "string",
        "enum": ["ms", "en", "ta"],
        "default": "ms",
    }
    assert parameters["limit"] == {"type": "integer", "minimum": 1, "maximum": 100, "default": 20}
    assert parameters["order"]["default"] == "rank"
    assert parameters["rank"] == {"type": "integer", "format": "int64"}
    assert parameters["alive"] == {"type": "boolean"}
    assert parameters["born"] == {"type": "string", "format": "date"}
    assert parameters["seen"] == {"type": "string", "format": "date-time"}
    assert parameters["genre"] == {"type": "string", "enum": ["poetry", "prose"]}
    assert parameters["grade"] == {"type": "integer", "enum": [1, 2]}
    assert parameters["publisher"] == {"type": "string", "format": "uuid"}
    text = {"type": "string", "maxLength": 2000, "pattern": r"^[^\x00]*$", "minLength": 1}
    assert parameters["copy"] == text
    stamps = {parameter["name"] for parameter in document["paths"]["/stamps"]["get"]["parameters"]}
    assert stamps == {"limit", "cursor", "order", "value", "at_least"}
    pages = {
        parameter["name"]: parameter["schema"]
        for parameter in document["paths"]["/pages"]["get"]["parameters"]
    }
    assert pages["type"]["enum"] == ["book_page", "event_page"]
    assert pages["order"]["default"] == "position"
    assert pages["released"] == {"anyOf": [{"type": "string", "format": "date"}, text]}


def test_every_operation_documents_its_errors(document: Json) -> None:
    for path, operation in operations(document):
        responses = operation["responses"]
        assert {"200", "400", "default"} <= set(responses), path
        assert ("304" in responses) == (not path.startswith(("/health/", "/changes"))), path
        assert ("503" in responses) == (path not in ("/", "/health/live", "/health/memory")), path
        assert ("404" in responses) == (
            "{" in path or path in ("/resolve", "/site", "/pages", "/authors", "/publishers")
        )
        assert ("410" in responses) == (path in ("/resolve", "/changes"))
        for status, response in responses.items():
            if status not in ("200", "304"):
                assert set(response["content"]) == {"application/problem+json"}
                described = response["content"]["application/problem+json"]
                name = "ChangesProblem" if (path, status) == ("/changes", "410") else "Problem"
                assert described["schema"] == {"$ref": f"#/components/schemas/{name}"}


def test_unions_are_discriminated_by_type(document: Json) -> None:
    schemas = document["components"]["schemas"]
    expected = {
        "PageDocument": {"book_page", "event_page"},
        "PageCard": {"book_page", "event_page"},
        "Resolution": {"book_page", "event_page", "redirect"},
    }
    for name, types in expected.items():
        union = schemas[name]
        assert union["discriminator"]["propertyName"] == "type"
        assert set(union["discriminator"]["mapping"]) == types
        assert len(union["oneOf"]) == len(types)


def test_the_document_names_no_host(document: Json) -> None:
    assert document["servers"] == [{"url": "/api/v1"}]
    assert "testserver" not in json.dumps(document)


def test_the_document_is_built_once(get: Get, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        first = get("/openapi.json")
        second = get("/openapi.json")
    assert first.content == second.content
    assert first["ETag"] == second["ETag"]


def test_the_document_does_not_depend_on_the_active_language(
    document: Json, get: Get, settings: Any
) -> None:
    settings.LANGUAGE_CODE = "en"
    dispatcher.cache_clear()
    from django.utils import translation

    with translation.override("ta"):
        other = get("/openapi.json").json()
    # Only the default locale differs.
    text = json.dumps(other).replace('"default": "en"', '"default": "ms"')
    assert text.replace(" in `en`.", " in `ms`.") == json.dumps(document)


def test_a_real_example_of_each_type(
    get: Get, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    example = {"id": ID, "type": "stamp", "meta": {}}
    path = tmp_path / "stamp.json"
    path.write_text(json.dumps(example), encoding="utf-8")
    monkeypatch.setattr(examples, "example_path", lambda kind: tmp_path / f"{kind.name}.json")
    dispatcher.cache_clear()
    schemas = get("/openapi.json").json()["components"]["schemas"]
    assert schemas["Stamp"]["examples"] == [example]
    assert "examples" not in schemas["Author"]
    dispatcher.cache_clear()


# Responses match the document

#: Requests for every status of each operation: documented path, path, query, status.
REQUESTS: list[tuple[str, str, dict[str, object], int]] = [
    ("/", "/", {}, 200),
    ("/", "/", {"colour": "blue"}, 400),
    ("/locales", "/locales", {}, 200),
    ("/locales", "/locales", {"colour": "blue"}, 400),
    ("/authors", "/authors", {}, 200),
    ("/authors", "/authors", {"rank": "first"}, 400),
    ("/authors", "/authors", {"locale": "iba"}, 404),
    ("/authors/{id_or_slug}", "/authors/usman", {}, 200),
    ("/authors/{id_or_slug}", "/authors/usman", {"locale": "en", "fallback": "ms"}, 200),
    ("/authors/{id_or_slug}", "/authors/usman", {"limit": 1}, 400),
    ("/authors/{id_or_slug}", "/authors/x", {}, 404),
    ("/publishers", "/publishers", {}, 200),
    ("/publishers", "/publishers", {"title": "x"}, 400),
    ("/publishers", "/publishers", {"fallback": "iba"}, 404),
    ("/publishers/{id}", f"/publishers/{ID}", {}, 200),
    ("/publishers/{id}", f"/publishers/{ID}", {"colour": "blue"}, 400),
    ("/publishers/{id}", "/publishers/x", {}, 404),
    ("/stamps", "/stamps", {}, 200),
    ("/stamps", "/stamps", {"locale": "ms"}, 400),
    ("/stamps/{id}", "/stamps/1", {}, 200),
    ("/stamps/{id}", "/stamps/1", {"locale": "ms"}, 400),
    ("/stamps/{id}", "/stamps/2", {}, 404),
    ("/pages", "/pages", {}, 200),
    ("/pages", "/pages", {"limit": 0}, 400),
    ("/pages", "/pages", {"locale": "iba"}, 404),
    ("/pages/{id}", f"/pages/{ID}", {}, 200),
    ("/pages/{id}", f"/pages/{ID}", {"path": "/"}, 400),
    ("/pages/{id}", "/pages/x", {}, 404),
    ("/resolve", "/resolve", {"path": "/ms/"}, 200),
    ("/resolve", "/resolve", {"path": "/ms"}, 200),
    ("/resolve", "/resolve", {"path": "/lama"}, 200),
    ("/resolve", "/resolve", {}, 400),
    ("/resolve", "/resolve", {"path": "/x"}, 404),
    ("/resolve", "/resolve", {"path": "/gone/"}, 410),
    ("/site", "/site", {}, 200),
    ("/site", "/site", {"site": "/"}, 400),
    ("/site", "/site", {"site": "nowhere:80"}, 404),
    ("/changes", "/changes", {}, 200),
    ("/changes", "/changes", {"after": "x"}, 400),
    ("/changes", "/changes", {"after": "1-1"}, 410),
    ("/health/live", "/health/live", {}, 200),
    ("/health/live", "/health/live", {"colour": "blue"}, 400),
    ("/health/ready", "/health/ready", {}, 200),
    ("/health/ready", "/health/ready", {"colour": "blue"}, 400),
    ("/health/ready", "/health/ready", {}, 503),
    ("/health/queue", "/health/queue", {}, 200),
    ("/health/queue", "/health/queue", {"colour": "blue"}, 400),
    ("/health/queue", "/health/queue", {}, 503),
    ("/health/memory", "/health/memory", {}, 200),
    ("/health/memory", "/health/memory", {"colour": "blue"}, 400),
    *(
        (described, path, {**query, "at_least": 2**63 - 1}, 503)
        for described, path, query in [
            ("/locales", "/locales", {}),
            ("/resolve", "/resolve", {"path": "/"}),
            *((f"/{name}", f"/{name}", {}) for name in ("site", "authors", "publishers")),
            *((f"/{name}", f"/{name}", {}) for name in ("stamps", "pages", "changes")),
            ("/authors/{id_or_slug}", "/authors/usman", {}),
            *((f"/{name}/{{id}}", f"/{name}/1", {}) for name in ("publishers", "stamps", "pages")),
        ]
    ),
]
#: Headers of HTTP and CORS, which any response can have.
STANDARD_HEADERS = {
    *("Content-Type", "Content-Length", "X-Content-Type-Options", "Vary"),
    *("Access-Control-Allow-Origin", "Access-Control-Expose-Headers"),
}


@pytest.fixture
def content(db: None) -> None:
    dates = {"first_published_at": None, "last_published_at": "2020-01-01T00:00:00Z"}
    author = {
        "slug": "usman",
        "rank": 1,
        "score": 1.5,
        "price": "1.50",
        "alive": True,
        "genre": "poetry",
        "grade": None,
        "code": ID,
        "born": "1929-07-12",
        "seen": None,
        "wakes": None,
        "tenure": None,
        "note": "",
        "limit": 0,
        "copy": "",
        "publisher": None,
        "stamps": [],
        "tags": [],
    }
    put(
        "authors",
        "author",
        ID,
        slug="usman",
        members=author,
        meta={**dates, "alternates": [{"locale": "ms"}]},
    )
    put_page(
        "/ms/",
        ID,
        members={"released": "1999-01-01", "volumes": 1},
        meta={
            **dates,
            "slug": "ms",
            "site": "main.example:80",
            "parent": None,
            "show_in_menus": False,
            "seo": {"title": "x", "description": ""},
            "breadcrumbs": [],
            "alternates": [],
        },
    )
    put(
        "publishers",
        "publisher",
        ID,
        meta={**dates, "alternates": [{"locale": "ms"}]},
    )
    put("stamps", "stamp", "1", "", members={"value": 4}, meta=dates, keys={"value": 4})
    put_site(path="/ms/")
    put_redirect("/lama", target="https://www.example.org/", permanent=False)
    put_route("/gone/")
    put_change(4710, action=Change.PRUNED)
    page = PublishedDocument.objects.get(path="/ms/")
    put_change(4711, document=page, recorded_at=EXAMPLE_MOMENT)


@pytest.fixture
def ask(get: Get, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """GET that checks the status; for 503, a migration is missing or the content not there."""

    def fail() -> Any:
        raise DatabaseError

    def ask(path: str, query: dict[str, object], status: int, **headers: str) -> Any:
        with monkeypatch.context() as patch:
            if status == 503:
                patch.setattr(health, "_applied_migrations", set)
                patch.setattr(health, "queue_state", fail)
            response = get(path, headers=headers or None, **query)
        assert response.status_code == status, (path, query, response.content)
        return response

    return ask


class Contract:
    """Checks real responses against the document, without members that it does not declare."""

    def __init__(self, document: Json) -> None:
        components = document["components"]
        schemas = closed(components["schemas"])
        self.document = document | {"components": components | {"schemas": schemas}}

    def check(self, path: str, response: Any) -> None:
        content = self.document["paths"][path]["get"]["responses"]
        described = content.get(str(response.status_code), content["default"])["content"]
        schema = described[response["Content-Type"]]["schema"]
        validator = Draft202012Validator(
            {**schema, "components": self.document["components"]},
            format_checker=Draft202012Validator.FORMAT_CHECKER,
        )
        validator.validate(response.json())

    def validate(self, name: str, value: Json) -> None:
        """Validate a value against a schema."""
        schema = {"$ref": f"#/components/schemas/{name}"}
        Draft202012Validator({**schema, "components": self.document["components"]}).validate(value)

    def headers(self, path: str, status: int) -> dict[str, bool]:
        """The documented headers of a status, and whether each is required."""
        described = self.document["paths"][path]["get"]["responses"][str(status)]["headers"]
        components = self.document["components"]["headers"]
        return {
            name: (components[name] if "$ref" in header else header).get("required", False)
            for name, header in described.items()
        }


def test_every_documented_status_has_a_request(document: Json) -> None:
    described = {
        (path, int(status))
        for path, operation in operations(document)
        for status in operation["responses"]
        if status not in ("304", "default")
    }
    assert {(path, status) for path, _, _, status in REQUESTS} == described


def test_responses_match_the_document(content: None, ask: Any, document: Json) -> None:
    contract = Contract(document)
    for described, path, query, status in REQUESTS:
        if (described, status) != ("/site", 200):  # the stored rows are not whole documents
            contract.check(described, ask(path, query, status))


def test_an_undeclared_member_does_not_match_the_document(document: Json) -> None:
    problem = {"type": "about:blank", "title": "x", "status": 400, "detail": "x", "errors": []}
    Contract(document).validate("Problem", problem)
    with pytest.raises(ValidationError, match="colour"):
        Contract(document).validate("Problem", problem | {"colour": "red"})


def test_clients_accept_members_that_are_added_later(document: Json) -> None:
    """No schema forbids them, not even one of a project's own type."""
    schemas = document["components"]["schemas"]
    assert [name for name, one in schemas.items() if "additionalProperties" in one] == []
    assert "must ignore" in document["info"]["description"]


def test_documented_headers_are_sent(content: None, ask: Any, document: Json) -> None:
    contract = Contract(document)
    seen: dict[tuple[str, int], list[set[str]]] = {}
    for described, path, query, status in REQUESTS:
        response = ask(path, query, status)
        seen.setdefault((described, status), []).append(set(response.headers) - STANDARD_HEADERS)
        if status == 200 and "304" in document["paths"][described]["get"]["responses"]:
            again = ask(path, query, 304, **{"If-None-Match": response["ETag"]})
            seen.setdefault((described, 304), []).append(set(again.headers) - STANDARD_HEADERS)
        elif status == 200:
            again = ask(path, query, 200, **{"If-None-Match": "*"})
    for (path, status), sets in seen.items():
        promised = contract.headers(path, status)
        assert set().union(*sets) == set(promised), (path, status)
        always = {name for name, required in promised.items() if required}
        assert set.intersection(*sets) == always, (path, status)


def test_examples_of_problems_are_real_responses(content: None, ask: Any, document: Json) -> None:
    responses: dict[tuple[str, str], list[Json]] = {}
    for described, path, query, status in REQUESTS:
        calls = [(query, status)]
        if status == 200:
            calls.append(({**query, "colour": "blue"}, 400))
        if status == 404 and "fallback" in query:
            calls.append(({"locale": "iba"}, 404))
        for sent, wanted in calls:
            answer = ask(path, sent, wanted).json()
            responses.setdefault((described, str(wanted)), []).append(answer)
    for path, operation in operations(document):
        for status, response in operation["responses"].items():
            examples = response.get("content", {}).get(CONTENT_TYPE, {}).get("examples", {})
            # No request can produce `default`.
            if status not in ("200", "304", "default"):
                assert examples, (path, status)
                if (path, status) != ("/health/ready", "503"):
                    assert examples["problem"]["value"] in responses[(path, status)], (path, status)
            for example in examples.values():
                Contract(document).validate(
                    response["content"][CONTENT_TYPE]["schema"]["$ref"].rpartition("/")[2],
                    example["value"],
                )


def test_the_example_of_a_list_contains_the_example_of_its_type(
    get: Get, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = {
        "publisher": {
            "id": ID,
            "type": "publisher",
            "locale": "ms",
            "title": "Dewan Bahasa",
            "meta": {"translation": {"languages": {"/title": "en", "/note": "en"}}},
        },
        "book_page": {
            "id": ID,
            "type": "book_page",
            "locale": "ms",
            "title": "Buku",
            "path": "/ms/buku/",
            "volumes": 3,
            "meta": {"translation": {"languages": {}}},
        },
    }
    for name, example in documents.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(example), encoding="utf-8")
    monkeypatch.setattr(examples, "example_path", lambda kind: tmp_path / f"{kind.name}.json")
    dispatcher.cache_clear()
    schemas = get("/openapi.json").json()["components"]["schemas"]
    dispatcher.cache_clear()
    [publishers] = schemas["PublisherList"]["examples"]
    assert publishers == {
        "items": [
            {
                "id": ID,
                "type": "publisher",
                "locale": "ms",
                "title": "Dewan Bahasa",
                "untranslated": ["/title"],
                "untranslated_languages": {"/title": "en"},
            }
        ],
        "next": None,
    }
    [pages] = schemas["PageList"]["examples"]
    assert [item["path"] for item in pages["items"]] == ["/ms/buku/"]
    [redirect] = schemas["Redirect"]["examples"]
    assert (redirect["location"], redirect["status"]) == ("/ms/buku/", 301)
    assert "examples" not in schemas["AuthorList"]
