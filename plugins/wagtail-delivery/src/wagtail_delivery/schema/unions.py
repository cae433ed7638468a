"""Unions of schemas, discriminated by `type`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Union

from pydantic import Field
from typing_extensions import TypeAliasType

from wagtail_delivery.encoding.base import Schema


def union_by_type(name: str, schemas: Sequence[type[Schema]], description: str) -> Any:
    """A named union discriminated by `type`; a single schema is returned as it is."""
    if len(schemas) == 1:
        return schemas[0]
    union: Any = Annotated[
        Union[tuple(schemas)],  # noqa: UP007
        Field(discriminator="type", description=description),
    ]
    return TypeAliasType(name, union)
