"""Which parts of an OpenAPI document have no description."""

from __future__ import annotations

from typing import Any

Json = Any


def undescribed_places(openapi: Json) -> list[str]:
    """Which types, members, parameters, answers and headers have no description."""
    components = openapi["components"]

    def said(described: Json) -> str:
        # Pydantic does not repeat what the type says that is referred to.
        name = described.get("$ref", "").rpartition("/")[2]
        own: str = described.get("description") or (
            said(components["schemas"][name]) if name else ""
        )
        return own.strip()

    found = [
        f"headers/{name}" for name, header in components["headers"].items() if not said(header)
    ]
    for name, schema in components["schemas"].items():
        parts = {"": schema} | schema.get("properties", {})
        found += [f"{name}/{part}" for part, one in parts.items() if not said(one)]
    for path, item in openapi["paths"].items():
        for method, operation in item.items():
            parts = {f"?{one['name']}": one for one in operation["parameters"]}
            for status, response in operation["responses"].items():
                parts[status] = response
                headers = response.get("headers", {}).items()
                parts |= {f"{status}/{name}": one for name, one in headers if "$ref" not in one}
            found += [f"{method} {path} {part}" for part, one in parts.items() if not said(one)]
    return found
