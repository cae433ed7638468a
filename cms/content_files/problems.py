"""Mistakes in content files, each with its file, line and reason."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.core.exceptions import ValidationError


@dataclass(frozen=True)
class FileLocation:
    """A line of a file."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


class ContentError(Exception):
    """The files cannot be loaded; `lines` has the location and reason of every mistake."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


@dataclass
class Problems:
    """Collects mistakes, so one run reports them all."""

    found: list[tuple[FileLocation, str]] = field(default_factory=list)

    def add(self, location: FileLocation, reason: str) -> None:
        """Add one mistake."""
        self.found.append((location, reason))

    def add_error(self, location: FileLocation, error: ValidationError) -> None:
        """Add the validation errors of a field or block."""
        for message in error.messages:
            self.add(location, message)

    def raise_if_any(self) -> None:
        """Raise `ContentError` with all mistakes, in the order of the files."""
        if self.found:
            ordered = sorted(self.found, key=lambda item: (item[0].file, item[0].line))
            raise ContentError([f"{location}: {reason}" for location, reason in ordered])
