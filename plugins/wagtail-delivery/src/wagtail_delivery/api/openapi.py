"""The OpenAPI 3.1 document, whose schemas Pydantic generates in one call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, NamedTuple

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, JsonSchemaValue

from wagtail_delivery.api.examples import example_of, redirect_example
from wagtail_delivery.api.operation import Description, Operation
from wagtail_delivery.api.problems import CONTENT_TYPE, ProblemError, problem_document
from wagtail_delivery.api.query_strings import NAME
from wagtail_delivery.api.redirects import Redirect
from wagtail_delivery.api.response_schemas import response_schemas
from wagtail_delivery.api.responses import JSON
from wagtail_delivery.encoding.schema_names import in_words
from wagtail_delivery.schema.registry import ContentTypes

Json = Any

#: Response headers.
HEADERS: dict[str, Json] = {
    "ETag": {
        "description": "Strong validator of the response, for `If-None-Match`.",
        "schema": {"type": "string"},
    },
    "Cache-Control": {
        "description": "How long the response may be cached.",
        "schema": {"type": "string"},
    },
    "Content-Language": {
        "description": "Language codes of the response, the requested one first.",
        "schema": {"type": "string"},
    },
    "Surrogate-Key": {
        "description": "Keys by which a shared cache can purge the response.",
        "schema": {"type": "string"},
    },
    "X-Content-Sequence": {
        "description": (
            "Number of the last change that the response may have, for `at_least`: the response is "
            "not older, and may be newer."
        ),
        "schema": {"type": "string"},
    },
    "Retry-After": {
        "description": "Seconds to wait before the next attempt.",
        "schema": {"type": "string"},
    },
}


#: Key of the problem for every status that an operation does not list.
DEFAULT = 500
REFERENCE = "#/components/schemas/{model}"


class Info(NamedTuple):
    """Title, version and description of the API."""

    title: str
    version: str
    description: str


class _Generator(GenerateJsonSchema):
    """Omits titles of members, which only repeat their names, and defaults of null."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def default_schema(self, schema: Any) -> JsonSchemaValue:
        if schema.get("default") is None:
            return self.generate_inner(schema["schema"])
        return super().default_schema(schema)


def openapi_document(
    info: Info,
    tags: Mapping[str, str],
    operations: Sequence[Operation],
    content_types: ContentTypes,
    base: str,
) -> Json:
    """The OpenAPI document of `operations`, which are served below the path `base`.

    `tags` are the descriptions of the operations' tags, in their order.
    """
    schemas = _Schemas(operations, content_types)
    return {
        "openapi": "3.1.0",
        "info": info._asdict(),
        # No operation needs a login.
        "security": [],
        "tags": [{"name": name, "description": text} for name, text in tags.items()],
        "paths": {
            operation.path: {"get": _operation(operation, operation.description, schemas)}
            for operation in operations
            if operation.description
        },
        "components": {
            "schemas": schemas.definitions,
            "headers": {name: {**header, "required": True} for name, header in HEADERS.items()},
        },
        "servers": [{"url": base or "/"}],
    }


class _Schemas:
    """The schemas of the document, generated in one call so that names do not clash."""

    def __init__(self, operations: Sequence[Operation], content_types: ContentTypes) -> None:
        described = [operation.description for operation in operations if operation.description]
        responses = {
            (one.operation_id, HTTPStatus.OK.value): one.response_type for one in described
        }
        responses |= {
            (one.operation_id, status): problem.document_type
            for one in described
            for status, problem in one.problems.items()
        }
        documents = {one.name: one.document_schema for one in content_types}
        inputs: list[tuple[Any, JsonSchemaMode, TypeAdapter[Any]]] = [
            (key, "serialization", TypeAdapter(annotation))
            for key, annotation in [*responses.items(), *documents.items()]
        ]
        found, schema = TypeAdapter.json_schemas(
            inputs, ref_template=REFERENCE, schema_generator=_Generator
        )
        self.definitions = response_schemas(schema.get("$defs", {}))
        self._references: dict[Any, Json] = {key: value for (key, _), value in found.items()}
        _describe_by_names(self.definitions)
        for content_type in content_types:
            self._add_example(self._references[content_type.name], example_of(content_type))
        for one in described:
            self._add_example(self.response(one, HTTPStatus.OK.value), one.example)
        self._add_example({"$ref": f"/{Redirect.__name__}"}, redirect_example(content_types))

    def response(self, description: Description, status: int) -> Json:
        """The reference to the type of a response."""
        return self._references[(description.operation_id, status)]

    def _add_example(self, reference: Json, example: Json) -> None:
        if example is not None:
            name = reference["$ref"].rpartition("/")[2]
            self.definitions[name]["examples"] = [example]


def _operation(operation: Operation, description: Description, schemas: _Schemas) -> Json:
    return {
        "operationId": description.operation_id,
        "summary": description.summary,
        "description": description.text,
        "parameters": _parameters(operation),
        "responses": _responses(description, schemas),
        "tags": [description.tag],
    }


def _parameters(operation: Operation) -> list[Json]:
    found: list[Json] = []
    if operation.path_parameter is not None:
        found.append(
            {
                "in": "path",
                "name": operation.path_parameter.name,
                "schema": NAME,
                "required": True,
                "description": operation.path_parameter.description,
            }
        )
    if operation.query is None:
        return found
    schema = operation.query.model_json_schema(schema_generator=_Generator)
    for name, member in schema.get("properties", {}).items():
        text = member.pop("description")
        found.append(
            {
                "in": "query",
                "name": name,
                "schema": member,
                "required": name in schema.get("required", ()),
                "description": text,
            }
        )
    return found


def _responses(description: Description, schemas: _Schemas) -> dict[str, Json]:
    headers = _headers(description.headers, description.some_headers)
    found: dict[str, Json] = {
        str(HTTPStatus.OK.value): {
            "description": "Success.",
            "headers": headers,
            "content": {JSON: {"schema": schemas.response(description, HTTPStatus.OK.value)}},
        }
    }
    if "ETag" in headers:
        found[str(HTTPStatus.NOT_MODIFIED.value)] = {
            "description": "The client's copy is current (`If-None-Match`).",
            "headers": headers,
        }
    for status, problem in description.problems.items():
        schema = schemas.response(description, status)
        key = "default" if status == DEFAULT else str(status)
        found[key] = _described_problem(status, problem, schema)
    return found


def _describe_by_names(definitions: dict[str, Json]) -> None:
    """Describe types and members that have no description with their names in words."""
    for type_name, schema in definitions.items():
        for name, part in [(type_name, schema), *schema.get("properties", {}).items()]:
            # A reference takes the description of the type that it points at.
            if "$ref" not in part and not part.get("description"):
                part["description"] = in_words(name)


def _described_problem(status: int, problem: ProblemError, schema: Json) -> Json:
    always, sometimes = ["Cache-Control", "Content-Language"], []
    if status == DEFAULT:
        sometimes = ["Retry-After"]
    elif "Retry-After" in problem.headers:
        always.append("Retry-After")
    content = {"schema": schema, "examples": {"problem": {"value": problem_document(problem)}}}
    return {
        "description": "Any other problem." if status == DEFAULT else problem.status.phrase,
        "headers": _headers(always, sometimes),
        "content": {CONTENT_TYPE: content},
    }


def _headers(always: Sequence[str], sometimes: Sequence[str] = ()) -> dict[str, Json]:
    described: dict[str, Json] = {name: {"$ref": f"#/components/headers/{name}"} for name in always}
    return described | {name: HEADERS[name] for name in sometimes}
