"""Adapts the schemas of responses to what generators of clients can use, and to what may change.

Types come from models, blocks and the project's own annotations, so this is done once, for all of
them, in the finished schemas.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Json = Any

#: Keywords whose value has a schema under each name, is a list of schemas, and is one schema.
_NAMED = frozenset({"properties", "patternProperties", "$defs"})
_LISTED = frozenset({"anyOf", "oneOf", "allOf", "prefixItems"})
_SINGLE = frozenset({"items", "additionalProperties", "contains", "propertyNames"})
#: Keywords under which a schema may be null beside another one.
_ALTERNATIVES = frozenset({"anyOf", "oneOf"})


def response_schemas(definitions: Mapping[str, Json]) -> dict[str, Json]:
    """`definitions` with open objects, and without values whose only type is null.

    A response may get a member that a client does not know yet, so no schema forbids more of them.
    Most generators of clients fail on a lone null; it becomes a text that may be null.
    """
    return {name: _adapted(schema) for name, schema in definitions.items()}


def _adapted(schema: Json) -> Json:
    if not isinstance(schema, dict):
        return schema
    if _is_null(schema):
        return _nullable_text(schema)
    adapted: dict[str, Json] = {}
    for keyword, part in schema.items():
        if keyword in _NAMED:
            adapted[keyword] = {name: _adapted(one) for name, one in part.items()}
        elif keyword in _ALTERNATIVES and not all(map(_is_null, part)):
            adapted[keyword] = [one if _is_null(one) else _adapted(one) for one in part]
        elif keyword in _LISTED:
            adapted[keyword] = [_adapted(one) for one in part]
        elif keyword in _SINGLE:
            if part is not False or keyword != "additionalProperties":
                adapted[keyword] = _adapted(part)
        else:
            adapted[keyword] = part
    return adapted


def _is_null(schema: Json) -> bool:
    """Whether null is the only value of `schema`."""
    return isinstance(schema, dict) and (
        schema.get("type") in ("null", ["null"])
        or schema.get("enum") == [None]
        or ("const" in schema and schema["const"] is None)
    )


def _nullable_text(schema: Mapping[str, Json]) -> Json:
    rest = {name: part for name, part in schema.items() if name not in ("type", "enum", "const")}
    return {"anyOf": [{"type": "string"}, {"type": "null"}], **rest}
