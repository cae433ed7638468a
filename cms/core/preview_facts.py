"""The facts in the generic preview of content types that have no template of their own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import models
from django.utils.safestring import mark_safe
from django.utils.text import capfirst
from wagtail.fields import RichTextField
from wagtail.rich_text import expand_db_html

#: Fields that the preview shows elsewhere or that are not for reading.
_LEFT_OUT = ("slug", "title", "working_translation")


def preview_facts(instance: Any) -> Iterator[tuple[str, Any]]:
    """The label and the value of each concrete field in the API."""
    for shown in instance.api_fields:
        field = instance._meta.get_field(shown.name)
        if field.concrete and field.name not in _LEFT_OUT:
            yield capfirst(str(field.verbose_name)), _value(instance, field)


def _value(instance: Any, field: models.Field) -> Any:
    if field.choices:
        return getattr(instance, f"get_{field.name}_display")()
    value = getattr(instance, field.name)
    if isinstance(field, RichTextField):
        # Wagtail's editor sanitised it before saving.
        return mark_safe(expand_db_html(value))  # noqa: S308
    return value
