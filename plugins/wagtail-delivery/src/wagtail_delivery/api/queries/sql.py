"""SQL fragments with their parameters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self


class Sql:
    """A fragment of SQL with its parameters."""

    def __init__(self, text: str = "", *parameters: Any) -> None:
        self.text = text
        self.parameters = [*parameters]

    def add(self, text: str, *parameters: Any) -> Self:
        self.text += text
        self.parameters += parameters
        return self

    def append(self, other: Sql) -> Self:
        return self.add(other.text, *other.parameters)


def markers(values: Sequence[object]) -> str:
    """A parameter marker for each of `values`."""
    return ", ".join(["%s"] * len(values))
