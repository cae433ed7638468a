"""Wagtail's widgets whose HTML has an inline script, which gets the nonce."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.utils.safestring import mark_safe
from wagtail.admin.filters import DateRangePickerWidget
from wagtail.admin.widgets import AdminDateInput, AdminDateTimeInput, AdminTimeInput
from wagtail.admin.widgets.chooser import BaseChooser

from cms.content_policy.nonces import current_nonce

Render = Callable[..., str]


def with_nonce(render: Render) -> Render:
    """Wrap a widget's `render`. Values are escaped in its HTML, so each such tag is its own."""

    @wraps(render)
    def render_with_nonce(*args: Any, **kwargs: Any) -> str:
        html = render(*args, **kwargs)
        marked = html.replace("<script>", f'<script nonce="{current_nonce()}">')
        return mark_safe(marked)  # noqa: S308 - the widget's own output, and a hexadecimal nonce

    return render_with_nonce


@dataclass(frozen=True)
class Patch:
    """The `render` of a widget of Wagtail's, its replacement, and what breaks without it."""

    owner: Any
    replacement: Render
    reason: str

    def __str__(self) -> str:
        return f"{self.owner.__qualname__}.render"

    @property
    def is_in_place(self) -> bool:
        return self.owner.render is self.replacement


#: Wrapped once, when this module is imported, so `apply()` is idempotent.
PATCHES = (
    Patch(BaseChooser, with_nonce(BaseChooser.render), "choosers of forms do not open"),
    *(
        Patch(widget, with_nonce(widget.render), "fields for dates and times have no calendar")
        for widget in (AdminDateInput, AdminTimeInput, AdminDateTimeInput, DateRangePickerWidget)
    ),
)


def apply() -> None:
    """Install all patches."""
    for patch in PATCHES:
        patch.owner.render = patch.replacement


def missing() -> Iterator[Patch]:
    """The patches that are not, or no longer, in place."""
    return (patch for patch in PATCHES if not patch.is_in_place)
