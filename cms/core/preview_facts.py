"""What the plain preview of any content type shows, where nobody has written a template for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import models
from django.utils.safestring import mark_safe
from django.utils.text import capfirst
from wagtail.fields import RichTextField
from wagtail.rich_text import expand_db_html

#: What a preview shows elsewhere, or what is nothing to read.
_LEFT_OUT = ("slug", "title", "working_translation")


def preview_facts(instance: Any) -> Iterator[tuple[str, Any]]:
    """The name and the value of each plain field that readers see in the API."""
    for shown in instance.api_fields:
        field = instance._meta.get_field(shown.name)
        if field.concrete and field.name not in _LEFT_OUT:
            yield capfirst(str(field.verbose_name)), _value(instance, field)


def _value(instance: Any, field: models.Field) -> Any:
    if field.choices:
        return getattr(instance, f"get_{field.name}_display")()
    value = getattr(instance, field.name)
    if isinstance(field, RichTextField):
        # Wagtail's editor has cleaned it before it was saved.
        return mark_safe(expand_db_html(value))  # noqa: S308
    return value
