"""Tables, such as those of contributions."""

from __future__ import annotations

import json
from collections.abc import Iterable
from difflib import SequenceMatcher
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.compare import BlockComparison, diff_text
from wagtail.blocks import BooleanBlock, CharBlock, FieldBlock, StructBlock
from wagtail_localize.segments import StringSegmentValue

from cms.pages.blocks.table_rows import TableRows, parse_rows, read_rows
from cms.pages.blocks.table_widget import TableWidget

#: PERKESO's longest table of contributions has about 400 cells.
MAX_CELLS = 2000
MAX_COLUMNS = 20
MAX_TEXT_LENGTH = 1000


class TableRowsBlock(FieldBlock):
    """The cells of a table, typed or pasted into a grid."""

    def __init__(self, required: bool = True, help_text: Any = "", **kwargs: Any) -> None:
        self.field_options: dict[str, Any] = {"required": required, "help_text": help_text}
        super().__init__(**kwargs)

    @cached_property
    def field(self) -> forms.Field:
        widget = TableWidget(max_cells=MAX_CELLS, max_columns=MAX_COLUMNS)
        return forms.CharField(strip=False, widget=widget, **self.field_options)

    def normalize(self, value: Any) -> TableRows:
        return value if isinstance(value, TableRows) else read_rows(value)

    def to_python(self, value: Any) -> TableRows:
        return self.normalize(value)

    def get_prep_value(self, value: Any) -> list[list[dict[str, str]]]:
        return self.normalize(value).as_json()

    def value_from_form(self, value: Any) -> TableRows:
        return parse_rows(value or "")

    def value_for_form(self, value: Any) -> str:
        rows = self.normalize(value)
        return json.dumps(rows.as_json(), ensure_ascii=False) if rows else ""

    def clean(self, value: Any) -> TableRows:
        """The rows without empty ones at the end; ValidationError if they are no usable table."""
        rows = self.normalize(value)
        if not rows.is_readable:
            message = _("This is not a table. Type or paste it again.")
            raise ValidationError(message, code="not_a_table")
        self.field.clean(self.value_for_form(rows))
        rows = rows.trimmed()
        errors = [*_errors(rows)]
        if errors:
            raise ValidationError(errors)
        return rows

    def get_searchable_content(self, value: TableRows) -> list[str]:
        return [cell.text for cell in self.normalize(value).cells() if cell.text]

    def get_comparison_class(self) -> type[BlockComparison]:
        return TableRowsComparison

    def get_translatable_segments(self, value: TableRows) -> list[StringSegmentValue]:
        """A string for each cell with words, under the cell's own id."""
        return [
            StringSegmentValue(cell.id, cell.text)
            for cell in self.normalize(value).cells()
            if cell.needs_translation
        ]

    def restore_translated_segments(
        self, value: TableRows, segments: list[StringSegmentValue]
    ) -> TableRows:
        texts = {segment.path: segment.render_text() for segment in segments}
        return self.normalize(value).with_texts(lambda cell: texts.get(cell.id, cell.text))

    class Meta:
        icon = "table"


def _errors(rows: TableRows) -> list[ValidationError]:
    cells = len(rows) * rows.column_count
    if cells > MAX_CELLS or rows.column_count > MAX_COLUMNS:
        size = {"rows": len(rows), "columns": rows.column_count, "cells": cells}
        limits = {"most_columns": MAX_COLUMNS, "most_cells": MAX_CELLS}
        return [
            ValidationError(
                _(
                    "This table is too large (rows: %(rows)s, columns: %(columns)s, cells: "
                    "%(cells)s). A table can have at most %(most_columns)s columns and "
                    "%(most_cells)s cells. Divide it into several tables."
                ),
                code="too_large",
                params=size | limits,
            )
        ]
    return [
        ValidationError(
            _("Row %(row)s, column %(column)s: a cell can have at most %(limit)s characters."),
            code="too_long",
            params={"row": row_number, "column": column_number, "limit": MAX_TEXT_LENGTH},
        )
        for row_number, row in enumerate(rows, 1)
        for column_number, cell in enumerate(row, 1)
        if len(cell.text) > MAX_TEXT_LENGTH
    ]


class TableRowsComparison(BlockComparison):
    """Two versions of the cells, row by row and, where they are as many, cell by cell."""

    def htmlvalue(self, val: Any) -> SafeString:
        rows = self.block.normalize(val).texts()
        return format_html_join("", "<div>{}</div>", ((_line(row),) for row in rows))

    def htmldiff(self) -> SafeString:
        before = self.block.normalize(self.val_a).texts()
        after = self.block.normalize(self.val_b).texts()
        rows: list[tuple[str, SafeString]] = []
        for change, start, end, new_start, new_end in SequenceMatcher(
            None, before, after, autojunk=False
        ).get_opcodes():
            old, new = before[start:end], after[new_start:new_end]
            if change == "equal":
                rows += [("", _line(row)) for row in old]
            elif [*map(len, old)] == [*map(len, new)]:
                rows += [("", _changed_line(*pair)) for pair in zip(old, new, strict=True)]
            else:
                rows += [("deletion", _line(row)) for row in old]
                rows += [("addition", _line(row)) for row in new]
        return format_html_join("", '<div class="comparison__child-object {}">{}</div>', rows)


def _line(texts: Iterable[Any]) -> SafeString:
    return format_html_join(" | ", "{}", ((text,) for text in texts))


def _changed_line(before: Iterable[str], after: Iterable[str]) -> SafeString:
    return _line(diff_text(*pair).to_html() for pair in zip(before, after, strict=True))


class FlagBlock(BooleanBlock):
    """A checkbox that comparisons show as yes or no, in the language of the editor."""

    def render_basic(self, value: Any, context: Any = None) -> str:
        return _("Yes") if value else _("No")


class TableBlock(StructBlock):
    """A table with a caption. Its first row and column may name the others."""

    caption = CharBlock(
        label=gettext_lazy("Caption"),
        max_length=255,
        help_text=gettext_lazy(
            "What the table shows, in a few words. Readers who cannot see it hear this first."
        ),
    )
    first_row_is_header = FlagBlock(
        label=gettext_lazy("The first row is a header"),
        required=False,
        default=True,
        help_text=gettext_lazy("Tick if the cells of the first row name the columns."),
    )
    first_column_is_header = FlagBlock(
        label=gettext_lazy("The first column is a header"),
        required=False,
        help_text=gettext_lazy("Tick if the cells of the first column name the rows."),
    )
    rows = TableRowsBlock(
        label=gettext_lazy("Cells"),
        help_text=gettext_lazy(
            "The cells of the table. A table copied in Word or Excel can be pasted into a cell."
        ),
    )

    class Meta:
        template = "pages/blocks/table.html"
        label = gettext_lazy("Table")
        label_format = "{caption}"
        icon = "table"
