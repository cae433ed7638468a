"""Schemas of responses: open, and no value only null, whatever the annotation behind it."""

from __future__ import annotations

import enum
from typing import Annotated, Any, Literal, NamedTuple

import pytest
from jsonschema import Draft202012Validator
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, WithJsonSchema
from typing_extensions import TypeAliasType, TypedDict

from tests.json_schemas import lone_nulls
from wagtail_delivery.api.response_schemas import response_schemas

Nothing = TypeAliasType("Nothing", None)  # type: ignore[valid-type]


class Never(enum.Enum):
    NOTHING = None


class Pair(NamedTuple):
    first: None
    second: int


class Row(TypedDict):
    cell: None


ALWAYS_NULL: list[tuple[Any, Any]] = [
    (None, None),
    (Literal[None], None),
    (Never, None),
    (Nothing, None),
    (Literal[None] | None, None),
    (Annotated[None, Field(description="Nothing.")], None),
    (Annotated[Any, WithJsonSchema({"type": ["null"]})], None),
    (list[None], [None]),
    (dict[str, None], {"a": None}),
    (tuple[None, int], [None, 1]),
    (list[dict[str, list[Nothing]]], [{"a": [None]}]),
    (Pair, [None, 1]),
    (Row, {"cell": None}),
]


def described(annotation: Any) -> dict[str, Any]:
    """The schemas of a type with a member of this annotation."""
    made: Any = type("Holder", (BaseModel,), {"__annotations__": {"member": annotation}})
    _, schema = TypeAdapter.json_schemas([("holder", "serialization", TypeAdapter(made))])
    definitions: dict[str, Any] = schema["$defs"]
    return definitions


@pytest.mark.parametrize(("annotation", "value"), ALWAYS_NULL, ids=str)
def test_a_value_that_is_always_null_is_a_text_that_may_be_null(
    annotation: Any, value: Any
) -> None:
    before = described(annotation)
    assert lone_nulls(before), "Pydantic describes it as null alone"
    after = response_schemas(before)
    assert lone_nulls(after) == []
    schema = {"$ref": "#/$defs/Holder", "$defs": after}
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate({"member": value})


def test_a_description_is_kept() -> None:
    [holder] = response_schemas(described(Annotated[None, Field(description="Nothing.")])).values()
    assert holder["properties"]["member"]["description"] == "Nothing."


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")
    inner: list[Strict]


def test_objects_are_open() -> None:
    """Also those of a project's own annotations that forbid more."""
    assert described(Strict)["Strict"]["additionalProperties"] is False
    assert "additionalProperties" not in response_schemas(described(Strict))["Strict"]
    numbers = response_schemas(described(dict[str, int]))["Holder"]["properties"]["member"]
    assert numbers["additionalProperties"] == {"type": "integer"}


@pytest.mark.parametrize("annotation", [str | None, list[int | None], Literal["a"] | None], ids=str)
def test_other_values_that_may_be_null_are_unchanged(annotation: Any) -> None:
    assert response_schemas(described(annotation)) == described(annotation)
