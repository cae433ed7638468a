"""The OpenAPI 3.1 document: Django Ninja's, with all types from one run of Pydantic.

Ninja asks Pydantic for the types of each operation by itself and lays the results over one another;
made in one run, each type has one name, and different types never the same.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import REF_TEMPLATE, OpenAPISchema
from ninja.operation import Operation
from ninja.params.models import TModel
from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from cms.headless.api import problems
from cms.headless.api.answers import JSON
from cms.headless.api.examples import example_of
from cms.headless.content_types import ContentTypes

Json = Any

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
}


class _Generator(GenerateJsonSchema):
    """Without titles of members, which only repeat their names."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


class DeliverySchema(OpenAPISchema):
    """The OpenAPI document of `api`, which is served at the path `base`."""

    def __init__(self, api: NinjaAPI, content_types: ContentTypes, base: str) -> None:
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
        for content_type in content_types:
            example = example_of(content_type)
            if example is not None:
                name = self._answers[content_type.name]["$ref"].rpartition("/")[2]
                self._definitions[name]["examples"] = [example]
        super().__init__(api, "")
        self["servers"] = [{"url": base or "/"}]

    def get_components(self) -> dict[str, Json]:
        return {"schemas": self._definitions, "headers": HEADERS}

    def _extract_parameters(self, model: TModel) -> list[dict[str, Json]]:
        parameters = super()._extract_parameters(model)
        for parameter in parameters:
            # The parameter itself says these.
            parameter["schema"].pop("title", None)
            parameter["schema"].pop("description", None)
        return parameters

    def responses(self, operation: Operation) -> dict[Any, Json]:
        described: dict[Any, Json] = {}
        for status in operation.response_models:
            schema = self._answers[(operation.operation_id, status)]
            if status == HTTPStatus.OK:
                described[status] = {
                    "description": "The answer.",
                    "headers": _header_references(),
                    "content": {JSON: {"schema": schema}},
                }
                described[HTTPStatus.NOT_MODIFIED.value] = {
                    "description": "The caller has it already (`If-None-Match`).",
                    "headers": _header_references(),
                }
            else:
                key = "default" if status == DEFAULT else status
                text = "Any other problem." if status == DEFAULT else HTTPStatus(status).phrase
                described[key] = {
                    "description": text,
                    "content": {problems.CONTENT_TYPE: {"schema": schema}},
                }
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


def _header_references() -> dict[str, Json]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in HEADERS}
