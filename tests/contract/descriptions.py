"""Find the parts of an OpenAPI document that have no description."""

from __future__ import annotations

from typing import Any

Json = Any


def undescribed_parts(openapi: Json) -> list[str]:
    """The types, members, tags, operations, parameters, responses, headers without description."""
    components = openapi["components"]

    def description(described: Json) -> str:
        # Pydantic does not repeat the description of a referenced type.
        name = described.get("$ref", "").rpartition("/")[2]
        own: str = described.get("description") or (
            description(components["schemas"][name]) if name else ""
        )
        return own.strip()

    found = [
        f"headers/{name}"
        for name, header in components["headers"].items()
        if not description(header)
    ]
    for name, schema in components["schemas"].items():
        parts = {"": schema} | schema.get("properties", {})
        found += [f"{name}/{part}" for part, one in parts.items() if not description(one)]
    found += [f"tags/{tag['name']}" for tag in openapi["tags"] if not description(tag)]
    for path, item in openapi["paths"].items():
        for method, operation in item.items():
            if not operation["summary"] or not description(operation):
                found.append(f"{method} {path}")
            parts = {f"?{one['name']}": one for one in operation["parameters"]}
            for status, response in operation["responses"].items():
                parts[status] = response
                headers = response.get("headers", {}).items()
                parts |= {f"{status}/{name}": one for name, one in headers if "$ref" not in one}
            found += [
                f"{method} {path} {part}" for part, one in parts.items() if not description(one)
            ]
    return found
