"""Wagtail's widgets whose HTML has an inline script, which gets the nonce."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.utils.safestring import mark_safe
from wagtail.admin.filters import DateRangePickerWidget
from wagtail.admin.widgets import AdminDateInput, AdminDateTimeInput, AdminTimeInput
from wagtail.admin.widgets.chooser import BaseChooser

from cms.content_policy.nonces import current_nonce
from cms.core.patching import Patch

WAGTAIL = "wagtail 8.0.1"
NO_CALENDAR = "fields for dates and times have no calendar"

Render = Callable[..., str]


def with_nonce(render: Render) -> Render:
    """Wrap a widget's `render`. Values are escaped in its HTML, so each such tag is its own."""

    @wraps(render)
    def render_with_nonce(*args: Any, **kwargs: Any) -> str:
        html = render(*args, **kwargs)
        marked = html.replace("<script>", f'<script nonce="{current_nonce()}">')
        return mark_safe(marked)  # noqa: S308 - the widget's own output, and a hexadecimal nonce

    return render_with_nonce


CHOOSERS = f"{WAGTAIL}: wagtail/admin/widgets/chooser.py"
DATES = f"{WAGTAIL}: wagtail/admin/widgets/datetime.py"

#: Wrapped once, when this module is imported, so applying them again changes nothing.
PATCHES = tuple(
    Patch(widget, "render", with_nonce(widget.render), reason, upstream)
    for widget, reason, upstream in (
        (BaseChooser, "choosers of forms do not open", CHOOSERS),
        (AdminDateInput, NO_CALENDAR, DATES),
        (AdminTimeInput, NO_CALENDAR, DATES),
        (AdminDateTimeInput, NO_CALENDAR, DATES),
        (DateRangePickerWidget, NO_CALENDAR, f"{WAGTAIL}: wagtail/admin/filters.py"),
    )
)
