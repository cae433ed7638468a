"""Unions of types that `type` discriminates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Union

from pydantic import Field
from typing_extensions import TypeAliasType

from wagtail_delivery.encoding.base import Schema


def union_by_type(name: str, schemas: Sequence[type[Schema]], description: str) -> Any:
    """A named union that `type` tells apart; the type itself where there is one only."""
    if len(schemas) == 1:
        return schemas[0]
    union: Any = Annotated[
        Union[tuple(schemas)],  # noqa: UP007
        Field(discriminator="type", description=description),
    ]
    return TypeAliasType(name, union)
