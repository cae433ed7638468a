"""The public contract: every change that a front-end could notice shows in a committed file.

The OpenAPI document is in `openapi.json` beside this file. One document of each type is beside its
model, and that of the site is with the pages; the OpenAPI document takes its examples from them.
They are the API's responses for the content in `content/`, so every example can be requested.
`make snapshots` updates them.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.apps import apps
from django.test import Client

from tests.contract.descriptions import undescribed_parts
from tests.contract.normalised import TIMES, normalised
from wagtail_delivery.api.collections import Collection, api_collections
from wagtail_delivery.api.dispatch import dispatcher
from wagtail_delivery.api.examples import (
    FOLDER,
    example_of,
    example_path,
    list_example,
    redirect_example,
    site_example,
)
from wagtail_delivery.api.response_schemas import response_schemas
from wagtail_delivery.models import PublishedDocument
from wagtail_delivery.schema.content_type import ContentType
from wagtail_delivery.schema.registry import content_types

pytestmark = pytest.mark.django_db

OPENAPI = Path(__file__).parent / "openapi.json"
TYPES = sorted(content_type.name for content_type in content_types())


def compare(path: Path, value: Any, update: bool) -> None:
    """Fail if the file at `path` differs from `value`; with `update`, write it first."""
    text = json.dumps(value, ensure_ascii=False, indent=2) + "\n"
    if update:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        dispatcher.cache_clear()  # it has cached the examples
    assert path.is_file(), f"{path.name} does not exist yet: run `make snapshots`."
    assert json.loads(path.read_text(encoding="utf-8")) == value, (
        f"The public contract changed ({path.name}). If this is intended, run `make snapshots`, "
        "review the diff and describe the change for front-end developers in CHANGELOG.md."
    )


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--snapshot-update"))


def content_type_of(name: str) -> ContentType:
    return next(item for item in content_types() if item.name == name)


def get(client: Client, path: str, /, **query: str) -> Any:
    response = client.get(f"/api/v1{path}", query)
    assert response.status_code == 200, response.content
    return json.loads(response.content)


def validator(openapi: Any, schema_name: str) -> jsonschema.Draft202012Validator:
    """Validates values against a schema of the OpenAPI document, which then forbids all others.

    Clients must accept members that they do not know; a test must find those that nothing declares.
    """
    closed = {
        name: schema | ({"additionalProperties": False} if "properties" in schema else {})
        for name, schema in openapi["components"]["schemas"].items()
    }
    return jsonschema.Draft202012Validator(
        {"$ref": f"#/components/schemas/{schema_name}", "components": {"schemas": closed}},
        format_checker=jsonschema.FormatChecker(),
    )


def without_examples(value: Any) -> Any:
    """An OpenAPI document without its examples, which have separate snapshots."""
    if isinstance(value, dict):
        return {name: without_examples(part) for name, part in value.items() if name != "examples"}
    if isinstance(value, list):
        return [without_examples(part) for part in value]
    return value


@pytest.mark.parametrize("name", TYPES)
def test_a_document_of_each_type(published_content: None, name: str, update: bool) -> None:
    documents = PublishedDocument.objects.filter(type=name, locale="ms").order_by("path", "slug")
    document = documents.first()
    assert document, f"Neither content/ nor the fixture has a published {name}."
    path = example_path(content_type_of(name))
    compare(path, normalised(json.loads(bytes(document.body))), update)


def test_the_document_of_the_site(published_content: None, client: Client, update: bool) -> None:
    path = Path(apps.get_app_config("pages").path) / FOLDER / "site.json"
    compare(path, normalised(get(client, "/site", locale="ms")), update)


@pytest.mark.parametrize("name", TYPES)
def test_an_example_is_the_response_for_its_id(
    published_content: None, client: Client, name: str
) -> None:
    """Identical except for the members that depend on the time of publishing."""
    example = example_of(content_type_of(name))
    assert example, f"{name} has no example: run `make snapshots`."
    path = f"/{content_type_of(name).collection}/{example['id']}"
    response = get(client, path, locale=example["locale"])
    differing = {key for key in response["meta"] if response["meta"][key] != example["meta"][key]}
    assert differing <= set(TIMES)
    assert response | {"meta": None} == example | {"meta": None}


def test_the_example_of_the_site_is_the_response(published_content: None, client: Client) -> None:
    example = site_example()
    assert normalised(get(client, "/site", locale=example["locale"])) == example


@pytest.mark.parametrize("collection", api_collections(content_types()), ids=lambda one: one.name)
def test_the_example_of_a_list_is_in_the_response(
    published_content: None, client: Client, collection: Collection
) -> None:
    example = list_example(collection)
    assert example, f"{collection.name} has no example: run `make snapshots`."
    [card] = example["items"]
    response = get(client, f"/{collection.name}", locale=card["locale"])
    assert card in response["items"]
    assert list(response) == list(example)


def test_the_example_of_a_redirect_is_the_response(published_content: None, client: Client) -> None:
    example = redirect_example(content_types())
    assert get(client, "/resolve", path=example["location"].rstrip("/")) == example


def test_everything_in_the_openapi_document_is_described(client: Client) -> None:
    assert undescribed_parts(get(client, "/openapi.json")) == []


def test_no_schema_is_closed_or_only_null(client: Client) -> None:
    """A client that was generated today reads tomorrow's members, and most fail on a lone null."""
    schemas = without_examples(get(client, "/openapi.json")["components"]["schemas"])
    assert response_schemas(schemas) == schemas


@pytest.mark.parametrize("name", ["Site", "PageList", "ActList", "Redirect"])
def test_the_openapi_document_has_the_examples(client: Client, name: str) -> None:
    openapi = get(client, "/openapi.json")
    [example] = openapi["components"]["schemas"][name]["examples"]
    validator(openapi, name).validate(example)


def test_the_openapi_document(client: Client, update: bool) -> None:
    value = json.loads(client.get("/api/v1/openapi.json").content)
    compare(OPENAPI, without_examples(value), update)


@pytest.mark.parametrize("name", TYPES)
def test_examples_match_the_openapi_document(client: Client, name: str) -> None:
    openapi = json.loads(client.get("/api/v1/openapi.json").content)
    schema_name = content_type_of(name).document_schema.__name__
    schema = openapi["components"]["schemas"][schema_name]
    assert schema.get("examples"), f"{schema_name} has no example: run `make snapshots`."
    for example in schema["examples"]:
        validator(openapi, schema_name).validate(example)


def test_every_document_matches_the_openapi_document(
    published_content: None, client: Client
) -> None:
    openapi = json.loads(client.get("/api/v1/openapi.json").content)
    names = {item.name: item.document_schema.__name__ for item in content_types()}
    names["site"] = content_types().site_schema.__name__
    found = PublishedDocument.objects.all()
    assert {document.locale for document in found} == {"ms", "en"}
    for document in found:
        validator(openapi, names[document.type]).validate(json.loads(bytes(document.body)))
