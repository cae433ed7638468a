"""The OpenAPI 3.1 document: Django Ninja's, with all types from one run of Pydantic.

Ninja asks Pydantic for the types of each operation by itself and lays the results over one another;
made in one run, each type has one name, and different types never the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import REF_TEMPLATE, OpenAPISchema
from ninja.operation import Operation
from ninja.params.models import TModel
from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from cms.headless.api.examples import example_of, redirect_example
from cms.headless.api.problems import CONTENT_TYPE, ProblemError, problem_document
from cms.headless.api.redirects import Redirect
from cms.headless.api.responses import JSON
from cms.headless.encoding.schema_names import in_words
from cms.headless.schema.registry import ContentTypes

Json = Any

#: What each header of an answer says.
HEADERS: dict[str, Json] = {
    "ETag": {
        "description": "Strong validator of the answer, for `If-None-Match`.",
        "schema": {"type": "string"},
    },
    "Cache-Control": {
        "description": "How long the answer may be kept.",
        "schema": {"type": "string"},
    },
    "Content-Language": {
        "description": "Language codes of the answer, that which was asked for first.",
        "schema": {"type": "string"},
    },
    "Surrogate-Key": {
        "description": "Keys by which a shared cache drops the answer.",
        "schema": {"type": "string"},
    },
    "Retry-After": {
        "description": "Seconds after which it is worth asking again.",
        "schema": {"type": "string"},
    },
}


@dataclass(frozen=True)
class Answers:
    """What an operation's answers are like, beside their types."""

    #: Headers that each answer has, and those that only some have.
    headers: Sequence[str]
    some_headers: Sequence[str] = ()
    #: An answer; None where there is no real one.
    example: Json = None
    #: Problems that it can answer with, as examples, by their status.
    problems: Mapping[int, ProblemError] = field(default_factory=dict)


class DescribedAPI(NinjaAPI):
    """Knows of each operation, by its id, what its answers are like."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.responses: dict[str, Answers] = {}


class _Generator(GenerateJsonSchema):
    """Without titles of members, which only repeat their names."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


class DeliverySchema(OpenAPISchema):
    """The OpenAPI document of `api`, which is served at the path `base`."""

    def __init__(self, api: DescribedAPI, content_types: ContentTypes, base: str) -> None:
        self._said = api.responses
        inputs: list[tuple[Any, Any, TypeAdapter[Any]]] = [
            ((operation.operation_id, status), "serialization", TypeAdapter(_annotation(model)))
            for operation in operations(api)
            if operation.include_in_schema
            for status, model in operation.response_models.items()
        ]
        inputs += [
            (content_type.name, "serialization", TypeAdapter(content_type.document_schema))
            for content_type in content_types
        ]
        found, definitions = TypeAdapter.json_schemas(
            inputs, ref_template=REF_TEMPLATE, schema_generator=_Generator
        )
        self._answers: dict[Any, Json] = {key: schema for (key, _), schema in found.items()}
        self._definitions: dict[str, Json] = definitions.get("$defs", {})
        _describe_by_names(self._definitions)
        for content_type in content_types:
            self._exemplify(self._answers[content_type.name], example_of(content_type))
        for operation_id, responses in self._said.items():
            self._exemplify(self._answers[(operation_id, HTTPStatus.OK)], responses.example)
        self._exemplify({"$ref": f"/{Redirect.__name__}"}, redirect_example(content_types))
        super().__init__(api, "")
        self["servers"] = [{"url": base or "/"}]

    def _exemplify(self, reference: Json, example: Json) -> None:
        if example is not None:
            name = reference["$ref"].rpartition("/")[2]
            self._definitions[name]["examples"] = [example]

    def get_components(self) -> dict[str, Json]:
        headers = {name: {**header, "required": True} for name, header in HEADERS.items()}
        return {"schemas": self._definitions, "headers": headers}

    def _extract_parameters(self, model: TModel) -> list[dict[str, Json]]:
        parameters = super()._extract_parameters(model)
        for parameter in parameters:
            # The parameter itself says these.
            parameter["schema"].pop("title", None)
            parameter["schema"].pop("description", None)
        return parameters

    def responses(self, operation: Operation) -> dict[Any, Json]:
        said = self._said[str(operation.operation_id)]
        headers = _headers(said.headers, said.some_headers)
        described: dict[Any, Json] = {}
        for status in operation.response_models:
            schema = self._answers[(operation.operation_id, status)]
            if status == HTTPStatus.OK:
                described[status] = {
                    "description": "The answer.",
                    "headers": headers,
                    "content": {JSON: {"schema": schema}},
                }
                if "ETag" in headers:
                    described[HTTPStatus.NOT_MODIFIED.value] = {
                        "description": "The caller has it already (`If-None-Match`).",
                        "headers": headers,
                    }
            else:
                key = "default" if status == DEFAULT else status
                described[key] = _described_problem(status, said.problems[status], schema)
        return described


#: Stands for every status that an operation does not name.
DEFAULT = 500


def operations(api: NinjaAPI) -> list[Operation]:
    """All operations of an API."""
    return [
        operation
        for router in api._get_bound_routers()
        for path_view in router.path_operations.values()
        for operation in path_view.operations
    ]


def _annotation(response_model: Any) -> Any:
    """The type that an operation was declared with: Ninja wraps it in a model of its own."""
    return response_model.model_fields["response"].annotation


def _describe_by_names(definitions: dict[str, Json]) -> None:
    """Describe types and members of which the project says nothing: by their names, in words."""
    for type_name, schema in definitions.items():
        for name, part in [(type_name, schema), *schema.get("properties", {}).items()]:
            # Where a type is referred to, what that says is enough.
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
