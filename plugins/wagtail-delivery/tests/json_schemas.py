"""The JSON schemas of the test app's types, as in the OpenAPI document."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from pydantic import TypeAdapter

from wagtail_delivery.schema.registry import content_types

Json = Any


@lru_cache(maxsize=1)
def definitions() -> dict[str, Json]:
    """All types by name."""
    inputs: list[Any] = []
    for content_type in content_types():
        for kind in ("document", "card"):
            schema = getattr(content_type, f"{kind}_schema")
            inputs.append(((content_type.name, kind), "serialization", TypeAdapter(schema)))
    _, found = TypeAdapter.json_schemas(inputs)
    return closed(found["$defs"])


def closed(schemas: dict[str, Json]) -> dict[str, Json]:
    """`schemas` of responses that forbid what they do not declare, unlike those for clients."""
    return {
        name: {"additionalProperties": False, **schema} if "properties" in schema else schema
        for name, schema in schemas.items()
    }


def errors_in(value: Json, schema_name: str) -> list[str]:
    """The validation errors of `value` against a schema."""
    schema = {"$ref": f"#/$defs/{schema_name}", "$defs": definitions()}
    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]


def members(schema_name: str) -> dict[str, Json]:
    """The members of a type, each with its schema."""
    return definitions()[schema_name]["properties"]


def nullable_members(schema_name: str) -> set[str]:
    """The nullable members of a type."""
    return {name for name, schema in members(schema_name).items() if may_be_null(schema)}


def may_be_null(schema: Json) -> bool:
    if "$ref" in schema:
        return may_be_null(definitions()[schema["$ref"].rpartition("/")[2]])
    if schema.get("type") == "null" or None in schema.get("enum", ()):
        return True
    return any(may_be_null(part) for part in schema.get("anyOf", schema.get("oneOf", ())))


def resolved(schema: Json) -> Json:
    """Replace a reference with its schema, without null."""
    if "$ref" in schema:
        return resolved(definitions()[schema["$ref"].rpartition("/")[2]])
    if "anyOf" in schema:
        parts = [part for part in schema["anyOf"] if part.get("type") != "null"]
        return resolved(parts[0]) if len(parts) == 1 else schema
    return schema


def undescribed_locations(openapi: Json) -> list[str]:
    """Schemas, members, tags, operations, parameters, responses, headers without description."""
    components = openapi["components"]

    def description_of(described: Json) -> str:
        # Pydantic does not repeat the description of a referenced type.
        name = described.get("$ref", "").rpartition("/")[2]
        own: str = described.get("description") or (
            description_of(components["schemas"][name]) if name else ""
        )
        return own.strip()

    found = [
        f"headers/{name}"
        for name, header in components["headers"].items()
        if not description_of(header)
    ]
    for name, schema in components["schemas"].items():
        parts = {"": schema} | schema.get("properties", {})
        found += [f"{name}/{part}" for part, one in parts.items() if not description_of(one)]
    found += [f"tags/{tag['name']}" for tag in openapi["tags"] if not description_of(tag)]
    for path, item in openapi["paths"].items():
        for method, operation in item.items():
            if not operation["summary"] or not description_of(operation):
                found.append(f"{method} {path}")
            parts = {f"?{one['name']}": one for one in operation["parameters"]}
            for status, response in operation["responses"].items():
                parts[status] = response
                headers = response.get("headers", {}).items()
                parts |= {f"{status}/{name}": one for name, one in headers if "$ref" not in one}
            found += [
                f"{method} {path} {part}" for part, one in parts.items() if not description_of(one)
            ]
    return found


def lone_nulls(node: Json, path: str = "") -> list[str]:
    """Locations in a schema where null is the only value; most generators of clients fail there."""
    if isinstance(node, list):
        return [found for part in node for found in lone_nulls(part, path)]
    if not isinstance(node, dict):
        return []
    if is_null(node):
        return [path]
    found = []
    for name, part in node.items():
        if name in ("anyOf", "oneOf") and not all(map(is_null, part)):
            part = [one for one in part if not is_null(one)]
        if name not in ("example", "examples", "default", "enum"):
            found += lone_nulls(part, f"{path}/{name}")
    return found


def is_null(schema: Json) -> bool:
    return isinstance(schema, dict) and (
        schema.get("type") in ("null", ["null"])
        or schema.get("enum") == [None]
        or ("const" in schema and schema["const"] is None)
    )


def untyped_locations(node: Json, path: str = "") -> list[str]:
    """Locations in a schema where a value has no type."""
    found = []
    if isinstance(node, dict):
        for name, part in node.get("properties", {}).items():
            if not set(part) - {"description", "title", "default", "examples"}:
                found.append(f"{path}/{name}")
        if node.get("type") == "array" and not node.get("items") and not node.get("prefixItems"):
            found.append(f"{path}[]")
        for name, part in node.items():
            found += untyped_locations(part, f"{path}/{name}")
    elif isinstance(node, list):
        for part in node:
            found += untyped_locations(part, path)
    return found
