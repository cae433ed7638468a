"""Mistakes in content files, each with its file, line and reason."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.core.exceptions import ValidationError


@dataclass(frozen=True)
class Place:
    """A line of a file."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


class ContentError(Exception):
    """The files cannot be loaded; says every place and reason."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


@dataclass
class Problems:
    """Collects mistakes, so that one run shows them all."""

    found: list[tuple[Place, str]] = field(default_factory=list)

    def add(self, place: Place, reason: str) -> None:
        """Note one mistake."""
        self.found.append((place, reason))

    def add_error(self, place: Place, error: ValidationError) -> None:
        """Note what a field or block says about its value."""
        for message in error.messages:
            self.add(place, message)

    def raise_if_any(self) -> None:
        """Raise `ContentError` with all mistakes, in the order of the files."""
        if self.found:
            ordered = sorted(self.found, key=lambda item: (item[0].file, item[0].line))
            raise ContentError([f"{place}: {reason}" for place, reason in ordered])
