"""Serializers of Django REST framework in `api_fields`, as projects have them from API v2."""

from __future__ import annotations

import copy
import datetime
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db import models
from rest_framework import fields, relations, serializers
from wagtail.api import APIField
from wagtail.images.api.fields import ImageRenditionField

from cms.headless.representation import scalars
from cms.headless.representation.base import Representation
from cms.headless.representation.names import pascal_case
from cms.headless.representation.python_values import return_annotation, typed_value

if TYPE_CHECKING:
    from cms.headless.content_types import ContentTypes

#: What the fields that the framework ships give; an instance takes the nearest ancestor's.
TYPES: dict[type[Any], Any] = {
    fields.BooleanField: bool,
    fields.EmailField: str,
    fields.URLField: scalars.Uri,
    fields.UUIDField: uuid.UUID,
    fields.CharField: str,
    fields.IntegerField: int,
    fields.FloatField: float,
    fields.DecimalField: scalars.DecimalString,
    fields.DateTimeField: datetime.datetime,
    fields.DateField: datetime.date,
    fields.TimeField: datetime.time,
    fields.DurationField: str,
    fields.FileField: scalars.Uri,
    fields.IPAddressField: str,
    relations.StringRelatedField: str,
    relations.SlugRelatedField: str,
    relations.HyperlinkedRelatedField: scalars.Uri,
}


def _annotation(field: Any, path: str, content_types: ContentTypes) -> Any:
    """The type of what `field.to_representation` gives; None where it cannot be found out."""
    declared = return_annotation(type(field).to_representation)
    if declared is not None:
        return declared
    if isinstance(
        field, serializers.ListSerializer | relations.ManyRelatedField | fields.ListField
    ):
        child = getattr(field, "child", None) or getattr(field, "child_relation", None)
        inner = _nullable(child, path, content_types) if child is not None else None
        return list[inner] if inner is not None else None  # type: ignore[valid-type]
    if isinstance(field, serializers.Serializer):
        return _object(field, path, content_types)
    if isinstance(field, relations.PrimaryKeyRelatedField):
        return _primary_key_type(field)
    if isinstance(field, ImageRenditionField):
        return _rendition(content_types)
    if isinstance(field, fields.ChoiceField):
        choices = list(field.choices.items())
        enumerable = scalars.is_enumerable(choices)
        return scalars.Choice(choices, nullable=field.allow_blank).annotation if enumerable else str
    if isinstance(field, serializers.SerializerMethodField):
        return return_annotation(getattr(field.parent, field.method_name, None))
    return next((TYPES[base] for base in type(field).__mro__ if base in TYPES), None)


def _nullable(field: Any, path: str, content_types: ContentTypes) -> Any:
    annotation = _annotation(field, path, content_types)
    if annotation is None:
        return scalars.JsonValue
    return annotation | None if getattr(field, "allow_null", False) else annotation


def _object(serializer: Any, path: str, content_types: ContentTypes) -> Any:
    members: dict[str, Any] = {
        name: (
            _nullable(field, path + pascal_case(name), content_types),
            str(field.help_text or field.label or ""),
        )
        for name, field in serializer.fields.items()
        if not field.write_only
    }
    return content_types.names.make(path, path, members)


def _primary_key_type(field: Any) -> Any:
    queryset = getattr(field, "queryset", None)
    key = queryset.model._meta.pk if queryset is not None else None
    if isinstance(key, models.UUIDField):
        return uuid.UUID
    return str if isinstance(key, models.CharField) else int


def _rendition(content_types: ContentTypes) -> Any:
    members: dict[str, Any] = {
        "url": (scalars.Uri, "Address of the rendition."),
        "full_url": (scalars.Uri, "Address of the rendition with its host."),
        "width": (int, "Width in pixels."),
        "height": (int, "Height in pixels."),
        "alt": (str, "Alternative text."),
    }
    return content_types.names.make("Rendition", "Rendition", members, description="One rendition.")


def serializer_representation(
    api_field: APIField, path: str, content_types: ContentTypes
) -> tuple[Representation, Callable[[Any], Any]]:
    """How `APIField(serializer=…)` is represented, and how its value is read off an instance.

    The serializer is one object in the model's `api_fields`: it is copied before it is bound.
    """
    serializer: Any = copy.deepcopy(api_field.serializer)
    serializer.bind(field_name=api_field.name, parent=None)

    def read(instance: Any) -> Any:
        try:
            value = serializer.get_attribute(instance)
        except fields.SkipField:
            return None
        return None if value is None else serializer.to_representation(value)

    annotation = _annotation(serializer, path, content_types)
    remedy = f"Annotate what {type(serializer).__qualname__}.to_representation returns."
    if annotation is None:
        return scalars.plain_json(remedy), read
    # A source may be null whatever the serializer says of itself.
    return typed_value(annotation | None, remedy), read
