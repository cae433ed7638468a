"""The public contract: what a front-end could feel of a change shows in a committed file.

The OpenAPI document is in `openapi.json` beside this file, and one document of each type beside its
model, where the OpenAPI document takes its examples from. `make snapshots` writes them anew.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.test import Client

from cms.headless.api.examples import example_path
from cms.headless.content_types import content_types
from cms.headless.models import Document
from tests.contract.normalised import Normaliser

pytestmark = pytest.mark.django_db

OPENAPI = Path(__file__).parent / "openapi.json"
TYPES = sorted(content_type.name for content_type in content_types())


def compare(path: Path, value: Any, update: bool) -> None:
    """Fail where the file at `path` is not `value`; with `update`, write it."""
    text = json.dumps(value, ensure_ascii=False, indent=2) + "\n"
    if update:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.is_file(), f"{path.name} is not there yet: run `make snapshots`."
    assert json.loads(path.read_text(encoding="utf-8")) == value, (
        f"The public contract changed ({path.name}). If that is meant: `make snapshots`, read the "
        "diff, and tell front-end developers in CHANGELOG.md."
    )


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--snapshot-update"))


def without_examples(value: Any) -> Any:
    """An OpenAPI document without the documents that are snapshots of their own."""
    if isinstance(value, dict):
        return {name: without_examples(part) for name, part in value.items() if name != "examples"}
    if isinstance(value, list):
        return [without_examples(part) for part in value]
    return value


@pytest.mark.parametrize("name", TYPES)
def test_a_document_of_each_type(published_content: None, name: str, update: bool) -> None:
    documents = Document.objects.filter(type=name, locale="ms").order_by("path", "slug")
    document = documents.first()
    assert document, f"Neither content/ nor the fixture has a published {name}."
    value = Normaliser()(json.loads(bytes(document.body)))
    content_type = next(item for item in content_types() if item.name == name)
    compare(example_path(content_type), value, update)


def test_the_openapi_document(client: Client, update: bool) -> None:
    value = json.loads(client.get("/api/v1/openapi.json").content)
    compare(OPENAPI, without_examples(value), update)


@pytest.mark.parametrize("name", TYPES)
def test_examples_are_what_the_openapi_document_says(client: Client, name: str) -> None:
    openapi = json.loads(client.get("/api/v1/openapi.json").content)
    content_type = next(item for item in content_types() if item.name == name)
    schema_name = content_type.document_schema.__name__
    schema = openapi["components"]["schemas"][schema_name]
    assert schema.get("examples"), f"{schema_name} has no example: run `make snapshots`."
    validator = jsonschema.Draft202012Validator(
        {"$ref": f"#/components/schemas/{schema_name}", "components": openapi["components"]},
        format_checker=jsonschema.FormatChecker(),
    )
    for example in schema["examples"]:
        validator.validate(example)


def test_every_document_is_what_the_openapi_document_says(
    published_content: None, client: Client
) -> None:
    openapi = json.loads(client.get("/api/v1/openapi.json").content)
    names = {item.name: item.document_schema.__name__ for item in content_types()}
    names["site"] = content_types().site_schema.__name__
    found = Document.objects.all()
    assert {document.locale for document in found} == {"ms", "en"}
    for document in found:
        validator = jsonschema.Draft202012Validator(
            {
                "$ref": f"#/components/schemas/{names[document.type]}",
                "components": openapi["components"],
            },
            format_checker=jsonschema.FormatChecker(),
        )
        validator.validate(json.loads(bytes(document.body)))
