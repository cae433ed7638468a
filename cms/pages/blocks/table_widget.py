"""The grid in which an editor types or pastes a table."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail.admin.staticfiles import versioned_static

#: What the grid says and shows; a name in double braces is replaced by the script.
MESSAGES: dict[str, Promise] = {
    "grid": _("Table cells"),
    "tools": _("Rows and columns"),
    "cell": _("Row {{row}}, column {{column}}"),
    "rowName": _("Row {{row}}"),
    "columnName": _("Column {{column}}"),
    "keys": _(
        "Tab and the arrow keys move between cells; Enter moves down and, in the last row, adds "
        "one; Shift+Enter starts a new line in the cell; Escape leaves the table."
    ),
    "insertRow": _("Insert row below"),
    "insertColumn": _("Insert column to the right"),
    "moveRowUp": _("Move row up"),
    "moveRowDown": _("Move row down"),
    "moveColumnLeft": _("Move column left"),
    "moveColumnRight": _("Move column right"),
    "deleteRow": _("Delete row"),
    "deleteColumn": _("Delete column"),
    "undo": _("Undo"),
    "undone": _("The last change is undone."),
    "rowInserted": _("Row {{row}} is new."),
    "columnInserted": _("Column {{column}} is new."),
    "rowMoved": _("The row is now row {{row}}."),
    "columnMoved": _("The column is now column {{column}}."),
    "rowDeleted": _("Row {{row}} is deleted."),
    "columnDeleted": _("Column {{column}} is deleted."),
    "pasted": _("Pasted: rows {{rows}}, columns {{columns}}."),
    "tooLarge": _(
        "Nothing was pasted: the table would have {{cells}} cells in {{columns}} columns. A table "
        "can have at most {{mostCells}} cells and {{mostColumns}} columns."
    ),
    "merged": _("Merged cells were split: their text is now in each of them. Check the headers."),
    "otherTables": _("Only the first table was pasted. Other tables left out: {{count}}."),
    "textOutside": _("Text outside the table was left out."),
    "images": _("Images left out: {{count}}."),
    "formatting": _("Bold, italics, links and lists in cells became plain text."),
    "comments": _("Comments left out: {{count}}."),
    "changes": _("Tracked changes were accepted: what was deleted is left out."),
    "footnotes": _("Footnotes left out: {{count}}."),
}


class TableWidget(forms.Textarea):
    """A grid of text fields. The form sends its cells as JSON in one field."""

    template_name = "pages/widgets/table.html"

    def __init__(self, *, max_cells: int, max_columns: int) -> None:
        super().__init__()
        self.max_cells = max_cells
        self.max_columns = max_columns

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        """None: the grid is made of many fields and has a label of its own."""
        return ""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """The HTML, by the project's templates, which Django's forms do not read."""
        return render_to_string(self.template_name, self.get_context(name, value, attrs))

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context["messages"] = json.dumps({key: str(text) for key, text in MESSAGES.items()})
        context["max_cells"] = self.max_cells
        context["max_columns"] = self.max_columns
        return context

    @property
    def media(self) -> forms.Media:
        return forms.Media(
            js=[
                versioned_static("pages/pasted-html.js"),
                versioned_static("pages/pasted-table.js"),
                versioned_static("pages/table-editor.js"),
            ],
            css={"all": [versioned_static("pages/table-editor.css")]},
        )
