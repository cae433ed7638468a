"""Columns for the snippets' lists in the admin."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column


class KnownColumn(Column):
    """A column that shows "Unknown" instead of an empty cell."""

    empty_value_display = _("Unknown")

    def get_value(self, instance: Any) -> Any:
        value = super().get_value(instance)
        if isinstance(value, datetime.date):
            return date_format(value)
        return "" if value is None else value
