"""Columns for the snippets' lists in the admin."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column

from cms.snippets.permissions import is_shown_to


class KnownColumn(Column):
    """A column that shows "Unknown" instead of an empty cell."""

    empty_value_display = _("Unknown")

    def get_value(self, instance: Any) -> Any:
        value = super().get_value(instance)
        if isinstance(value, datetime.date):
            return date_format(value)
        return "" if value is None else value


class EntryColumn(Column):
    """A column with another entry's title, empty where the user may not see that entry."""

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        entry = self.get_value(instance)
        if entry is not None and not is_shown_to(parent_context["request"].user, entry):
            context["value"] = self.empty_value_display
        return context
