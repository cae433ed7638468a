"""The rows of a table: cells of plain text, each with an identity that moves with it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

#: What PostgreSQL cannot store and no reader can see.
_UNUSABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_CELL_ID = re.compile(r"[A-Za-z0-9-]{1,36}")
#: Currencies are written alike in Malay and English.
_UNITS = re.compile(r"\b(?:RM|MYR|sen)(?![^\W\d_])", re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True)
class Cell:
    """A cell. Its id is the place of its translation, so it stays when the cell is moved."""

    id: str
    text: str

    @property
    def needs_translation(self) -> bool:
        """Whether there are words in it: numbers and amounts are the same in every language."""
        return bool(_LETTER.search(_UNITS.sub("", self.text)))


@dataclass(frozen=True)
class TableRows:
    """Rows of equal length."""

    rows: tuple[tuple[Cell, ...], ...] = ()
    #: False if a form sent something else than a table.
    is_readable: bool = True

    def __iter__(self) -> Iterator[tuple[Cell, ...]]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __bool__(self) -> bool:
        """Whether any cell has a text."""
        return any(cell.text.strip() for cell in self.cells())

    def __str__(self) -> str:
        return "\n".join(" | ".join(row) for row in self.texts())

    @property
    def column_count(self) -> int:
        return len(self.rows[0]) if self.rows else 0

    def cells(self) -> Iterator[Cell]:
        for row in self.rows:
            yield from row

    def texts(self) -> list[tuple[str, ...]]:
        """The texts of the cells, row by row."""
        return [tuple(cell.text for cell in row) for row in self.rows]

    def with_texts(self, change: Callable[[Cell], str]) -> TableRows:
        """The same cells with the texts that `change` returns for them."""
        return TableRows(
            tuple(tuple(replace(cell, text=change(cell)) for cell in row) for row in self.rows)
        )

    def trimmed(self) -> TableRows:
        """Without white space around the texts, and without empty rows and columns at the end."""
        clean = self.with_texts(lambda cell: cell.text.strip())
        height = max((n for n, row in enumerate(clean, 1) if any(c.text for c in row)), default=0)
        width = max((n for row in clean for n, cell in enumerate(row, 1) if cell.text), default=0)
        return TableRows(tuple(row[:width] for row in clean.rows[:height]))

    def as_json(self) -> list[list[dict[str, str]]]:
        """The rows as they are stored."""
        return [[{"id": cell.id, "text": cell.text} for cell in row] for row in self.rows]


def read_rows(value: Any) -> TableRows:
    """The rows in stored JSON, or in what a form or a program made of it.

    Short rows are filled with empty cells. A cell without an id of its own is given one by its
    place.
    """
    if not isinstance(value, list) or not all(isinstance(row, list) for row in value):
        return TableRows(is_readable=value is None)
    width = max(map(len, value), default=0)
    taken: set[str] = set()
    rows = []
    for row_number, row in enumerate(value):
        cells = []
        for column_number, cell in enumerate([*row, *[""] * (width - len(row))]):
            found = cell if isinstance(cell, dict) else {"text": cell}
            text = _plain_text(found.get("text"))
            if text is None:
                return TableRows(is_readable=False)
            identity = _free_id(found.get("id"), f"{row_number}-{column_number}", taken)
            cells.append(Cell(identity, text))
        rows.append(tuple(cells))
    return TableRows(tuple(rows))


def parse_rows(text: str) -> TableRows:
    """The rows in the JSON of a form's field."""
    try:
        return read_rows(json.loads(text) if text else [])
    except (ValueError, RecursionError):
        return TableRows(is_readable=False)


def _plain_text(value: Any) -> str | None:
    """`value` as the text of a cell; None if it is not one."""
    if value is None:
        return ""
    if not isinstance(value, str | int | float):
        return None
    return _UNUSABLE.sub("", str(value).replace("\r\n", "\n").replace("\r", "\n"))


def _free_id(wanted: Any, place: str, taken: set[str]) -> str:
    """`wanted`, or an id made from the place if that is no usable id or is already `taken`."""
    is_usable = isinstance(wanted, str) and bool(_CELL_ID.fullmatch(wanted))
    identity: str = wanted if is_usable else place
    number = 2
    while identity in taken:
        identity, number = f"{place}-{number}", number + 1
    taken.add(identity)
    return identity
