"""Pieces of SQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class Sql:
    """A piece of SQL with its parameters."""

    def __init__(self, text: str = "", *parameters: Any) -> None:
        self.text = text
        self.parameters = [*parameters]

    def add(self, text: str, *parameters: Any) -> None:
        self.text += text
        self.parameters += parameters


def markers(values: Sequence[object]) -> str:
    """Places for as many parameters as there are `values`."""
    return ", ".join(["%s"] * len(values))
