"""The fields of a model that content files may set."""

from __future__ import annotations

from django.db import models
from wagtail.models import DraftStateMixin
from wagtail_localize.fields import BaseTranslatableField, get_translatable_fields

_PUBLISHING_FIELDS = {field.name for field in DraftStateMixin._meta.local_fields}


def content_fields(model: type[models.Model]) -> dict[str, BaseTranslatableField]:
    """The fields of `model` that wagtail-localize knows, without those for publishing."""
    return {
        field.field_name: field
        for field in get_translatable_fields(model)
        if field.field_name not in _PUBLISHING_FIELDS
    }


def local_fields(model: type[models.Model]) -> dict[str, models.Field]:
    """Content fields that have their own value in each language."""
    blank = model()
    return {
        name: field.get_field(model)
        for name, field in content_fields(model).items()
        if not field.is_translated(blank) and not field.is_synchronized(blank)
    }
