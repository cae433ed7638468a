"""The texts in Wagtail's two blocks for tables, which wagtail-localize leaves out.

Their cells have no ids, so a text's place is its row and column. A row that is moved keeps its
translations, because a string is found by its words first.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import deepcopy
from typing import Any

from django.utils.translation import gettext as _
from wagtail.contrib.typed_table_block.blocks import TypedTable
from wagtail_localize.segments import StringSegmentValue

CAPTION = "caption"
CELLS = "cells"
COLUMNS = "columns"
#: Numbers and signs are the same in every language.
_LETTER = re.compile(r"[^\W\d_]")


def _segment(path: str, text: Any) -> Iterator[StringSegmentValue]:
    if isinstance(text, str) and _LETTER.search(text):
        yield StringSegmentValue(path, text)


# TableBlock: texts only


def table_segments(value: dict[str, Any] | None) -> list[Any]:
    """The caption and the cells of a table of texts."""
    if not value:
        return []
    segments = [*_segment(CAPTION, value.get("table_caption"))]
    for row_number, row in enumerate(value.get("data") or ()):
        for column, text in enumerate(row):
            segments += _segment(f"{CELLS}.{row_number}.{column}", text)
    return segments


def table_with_texts(value: dict[str, Any], segments: Iterable[Any]) -> dict[str, Any]:
    """The table with other texts in the places of the segments."""
    written = deepcopy(value)
    for segment in segments:
        part, *place = segment.path.split(".")
        if part == CAPTION:
            written["table_caption"] = segment.render_text()
        else:
            row, column = (int(number) for number in place)
            written["data"][row][column] = segment.render_text()
    return written


# TypedTableBlock: a block in each cell


def typed_table_segments(
    table: TypedTable, raw: Any, segments_of: Callable[[Any, Any, Any], list[Any]]
) -> list[Any]:
    """The caption, the headings and the cells; `segments_of` gives those of a cell's block."""
    segments = [*_segment(CAPTION, table.caption)]
    for number, column in enumerate(table.columns):
        segments += _segment(f"{COLUMNS}.{number}.heading", column["heading"])
    raw_rows = raw.get("rows") if isinstance(raw, dict) else None
    for row_number, row in enumerate(table.row_data):
        raw_values = raw_rows[row_number]["values"] if raw_rows else [None] * len(row["values"])
        for number, value in enumerate(row["values"]):
            place = f"{CELLS}.{row_number}.{number}"
            found = segments_of(table.columns[number]["block"], value, raw_values[number])
            segments += [_below(place, segment) for segment in found]
    return segments


def _below(place: str, segment: Any) -> Any:
    for part in reversed(place.split(".")):
        segment = segment.wrap(part)
    return segment


def typed_table_with_texts(
    table: TypedTable, segments: Iterable[Any], write: Callable[[Any, Any, list[Any]], Any]
) -> TypedTable:
    """The table with the segments in their places; `write` gives the value of a cell's block."""
    columns = [dict(column) for column in table.columns]
    rows = [{"values": list(row["values"])} for row in table.row_data]
    caption = table.caption
    of_cells: dict[tuple[int, int], list[Any]] = defaultdict(list)
    for segment in segments:
        part, inner = segment.unwrap()
        if part == CAPTION:
            caption = segment.render_text()
            continue
        row, inner = inner.unwrap()
        if part == COLUMNS:
            columns[int(row)]["heading"] = segment.render_text()
            continue
        column, inner = inner.unwrap()
        of_cells[int(row), int(column)].append(inner)
    for (row_number, number), inner_segments in of_cells.items():
        values = rows[row_number]["values"]
        values[number] = write(columns[number]["block"], values[number], inner_segments)
    return TypedTable(columns=columns, row_data=rows, caption=caption)


# Names


def place_in_table(path: Sequence[str]) -> str:
    """The name of a place in a table for people."""
    if path[0] == CAPTION:
        return _("Caption")
    numbers = [int(part) + 1 for part in path[1:3] if part.isdecimal()]
    if path[0] == COLUMNS and numbers:
        return _("Heading of column %(column)d") % {"column": numbers[0]}
    if path[0] == CELLS and len(numbers) == 2:
        return _("Row %(row)d, column %(column)d") % {"row": numbers[0], "column": numbers[1]}
    return ".".join(path)
