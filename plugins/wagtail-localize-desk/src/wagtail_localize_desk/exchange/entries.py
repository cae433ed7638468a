"""What a translation file has for each string, whatever its format."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol

from wagtail_localize.models import Translation

from wagtail_localize_desk.screen.rows import StringRow


class FileError(ValueError):
    """A file that cannot be read; the message tells the translator why, and in which line."""


class Kind(Enum):
    """What an entry is."""

    TRANSLATION = "translation"
    #: Marked in the file as no longer used.
    OBSOLETE = "obsolete"
    #: With several translations, for numbers.
    PLURAL = "plural"


@dataclass(frozen=True)
class Entry:
    """One string of a file; source and text are written as its format writes them."""

    line: int
    #: The content path; empty if the file names none.
    context: str
    source: str
    text: str
    is_finished: bool = True
    kind: Kind = Kind.TRANSLATION
    #: Why its text cannot be read; empty if it can.
    fault: str = ""


@dataclass(frozen=True)
class ExportedString:
    """One string for a file, and where it is, for its translator."""

    row: StringRow
    place: str


class FileFormat(Protocol):
    """A format of translation files."""

    #: Its name in addresses.
    key: str
    #: Its name for people, and in wagtail-localize's column for tools.
    name: str
    extension: str
    content_type: str

    def write(
        self,
        translation: Translation,
        strings: Sequence[ExportedString],
        former: Sequence[Any] = (),
    ) -> bytes:
        """A file of all strings; `former` are those that the source has no longer."""

    def source_of(self, row: StringRow) -> str:
        """The source of a string as an entry has it."""

    def text_of(self, row: StringRow) -> str:
        """The translation of a string as an entry has it."""

    def words_of(self, text: str, row: StringRow, *, is_rich: bool) -> str:
        """An entry's text as it is stored; raises BrokenPiecesError.

        `is_rich` tells that the string is a part of a rich text, where a line break is a tag.
        """


def line_at(content: bytes, position: int) -> int:
    """The number of the line with the byte at `position`."""
    return content.count(b"\n", 0, position) + 1
