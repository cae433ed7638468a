"""Serializers of Django REST framework in `api_fields`, as projects have them from API v2."""

from __future__ import annotations

import copy
import datetime
import uuid
from typing import TYPE_CHECKING, Any

from django.db import models
from rest_framework import fields, relations, serializers
from wagtail.api import APIField

from cms.headless.representation import scalars
from cms.headless.representation.base import Compilation, Json, Place, Representation
from cms.headless.representation.names import pascal_case
from cms.headless.representation.observation import observed_reads
from cms.headless.representation.python_values import return_annotation, typed_value
from cms.headless.representation.relations import may_be_absent
from cms.headless.surroundings import Surroundings

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
    if isinstance(field, fields.ChoiceField):
        choice = _choice_type(field)
        return set[choice] if isinstance(field, fields.MultipleChoiceField) else choice  # type: ignore[valid-type]
    if isinstance(field, fields.DictField):
        return dict[str, _nullable(field.child, path, content_types)]  # type: ignore[misc]
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


def _choice_type(field: Any) -> Any:
    choices = list(field.choices.items())
    if not scalars.is_enumerable(choices):
        return str
    return scalars.Choice(choices, nullable=field.allow_blank).annotation


def _primary_key_type(field: Any) -> Any:
    queryset = getattr(field, "queryset", None)
    key = queryset.model._meta.pk if queryset is not None else None
    if isinstance(key, models.UUIDField):
        return uuid.UUID
    return str if isinstance(key, models.CharField) else int


class Serialized(Representation):
    """What a serializer makes of its source; of content that is not public it is given nothing."""

    def __init__(self, serializer: Any, inner: Representation) -> None:
        super().__init__(inner.annotation, untyped=inner.untyped)
        self.serializer = serializer
        self.inner = inner

    def encode(self, value: Any, place: Place, compilation: Compilation) -> Json:
        with observed_reads(compilation):
            try:
                source = self.serializer.get_attribute(value)
            except fields.SkipField:
                return self.inner.encode(None, place, compilation)
        source = _public_part(source, compilation.surroundings)
        with observed_reads(compilation):
            made = None if source is None else self.serializer.to_representation(source)
            return self.inner.encode(made, place, compilation)


def _public_part(source: Any, surroundings: Surroundings) -> Any:
    """`source` without the content that nobody may read; what is no content stays as it is."""
    if isinstance(source, models.Model):
        return source if surroundings.is_public(source) else None
    if isinstance(source, models.Manager | models.QuerySet):
        if not may_be_absent(source.model):
            return source
        hidden = [row.pk for row in source.all() if not surroundings.is_public(row)]
        return source.exclude(pk__in=hidden) if hidden else source
    if isinstance(source, list | tuple):
        return [
            part
            for part in source
            if not isinstance(part, models.Model) or surroundings.is_public(part)
        ]
    return source


def serializer_representation(
    api_field: APIField, path: str, content_types: ContentTypes
) -> Representation:
    """How `APIField(serializer=…)` is represented; it encodes the whole instance.

    The serializer is one object in the model's `api_fields`: it is copied before it is bound.
    """
    serializer: Any = copy.deepcopy(api_field.serializer)
    serializer.bind(field_name=api_field.name, parent=None)
    annotation = _annotation(serializer, path, content_types)
    name = type(serializer).__qualname__
    if annotation is None:
        inner: Representation = scalars.plain_json(
            f"Use a subclass of {name} whose to_representation says what it returns."
        )
    else:
        # A source may be null whatever the serializer says of itself.
        inner = typed_value(annotation | None, f"Annotate what {name}.to_representation returns.")
    return Serialized(serializer, inner)
