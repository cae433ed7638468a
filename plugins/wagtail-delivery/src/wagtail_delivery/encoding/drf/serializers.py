"""Django REST framework serializers in `api_fields`, as projects use them with API v2."""

from __future__ import annotations

import copy
import datetime
import uuid
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from rest_framework import fields, relations, serializers
from wagtail.api import APIField
from wagtail.api.conf import get_model_field
from wagtail.images.api.fields import ImageRenditionField

from wagtail_delivery.content.visibility import may_be_absent
from wagtail_delivery.encoding import scalars
from wagtail_delivery.encoding.base import Compilation, Encoder, Json, Location
from wagtail_delivery.encoding.broken_images import make_with_whole_images
from wagtail_delivery.encoding.computed import return_annotation, typed_value
from wagtail_delivery.encoding.drf.sources import LISTS, guard, hops_of, reading_for
from wagtail_delivery.encoding.library_texts import default_alt_text, shown_file
from wagtail_delivery.encoding.made_addresses import with_known_addresses
from wagtail_delivery.encoding.query_tracking import tracking_reads
from wagtail_delivery.encoding.read_texts import mark_read_texts
from wagtail_delivery.encoding.registry import TypeRegistry
from wagtail_delivery.encoding.schema_names import pascal_case

#: Types of the values of REST framework's own fields; a field's nearest ancestor applies.
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
#: Fields that receive other content.
CONTENT = (serializers.BaseSerializer, relations.RelatedField)


def _annotation(
    field: Any, path: str, registry: TypeRegistry, model: type[models.Model] | None
) -> Any:
    """The type that `field.to_representation` returns; None if it cannot be determined.

    `model` is the model of the instance, or of each row, that the field receives; None if unknown.
    """
    declared = return_annotation(type(field).to_representation)
    if declared is not None:
        return declared
    if isinstance(field, LISTS):
        child = getattr(field, "child", None) or getattr(field, "child_relation", None)
        if child is None:
            return None
        item = _nullable(_annotation(child, path, registry, model), child.allow_null)
        return list[item]  # type: ignore[valid-type]
    if isinstance(field, serializers.Serializer):
        return _object(field, path, registry, model)
    if isinstance(field, relations.PrimaryKeyRelatedField):
        return _primary_key_type(field)
    if isinstance(field, fields.ChoiceField):
        choice = _choice_type(field)
        return set[choice] if isinstance(field, fields.MultipleChoiceField) else choice  # type: ignore[valid-type]
    if isinstance(field, fields.DictField):
        value = _annotation(field.child, path, registry, None)
        return dict[str, _nullable(value, field.child.allow_null)]  # type: ignore[misc]
    if isinstance(field, serializers.SerializerMethodField):
        return return_annotation(getattr(field.parent, field.method_name, None))
    return next((TYPES[base] for base in type(field).__mro__ if base in TYPES), None)


def _nullable(annotation: Any, is_nullable: bool) -> Any:
    if annotation is None:
        return scalars.JsonValue
    return annotation | None if is_nullable else annotation


def _object(
    serializer: Any, path: str, registry: TypeRegistry, model: type[models.Model] | None
) -> Any:
    model = model or getattr(getattr(serializer, "Meta", None), "model", None)
    members: dict[str, Any] = {}
    for name, field in serializer.fields.items():
        if field.write_only:
            continue
        given, may_be_null = _follow_hops(model, hops_of(field))
        if may_be_null is None:
            may_be_null = len(field.source_attrs) > 1 or isinstance(field, CONTENT)
        annotation = _annotation(field, path + pascal_case(name), registry, given)
        is_nullable = field.allow_null or (may_be_null and not isinstance(field, LISTS))
        description = str(field.help_text or field.label or "")
        members[name] = (_nullable(annotation, is_nullable), description)
    return registry.names.make(path, path, members)


def _follow_hops(
    model: type[models.Model] | None, hops: Sequence[str]
) -> tuple[type[models.Model] | None, bool | None]:
    """The model that `hops` lead to from `model`, and whether the value may be null.

    Both are None if that cannot be determined, because a hop is a property or a method.
    """
    may_be_null = False
    for hop in hops:
        try:
            field: Any = get_model_field(model, hop) if model else None
        except FieldDoesNotExist:
            field = None
        if field is None:
            return None, None
        is_column = hop == getattr(field, "attname", field.name) != field.name
        model = None if is_column else field.related_model
        if not (field.many_to_many or field.one_to_many):
            absent = model is not None and may_be_absent(model)
            may_be_null = may_be_null or absent or getattr(field, "null", True)
    return model, may_be_null


def _choice_type(field: Any) -> Any:
    choices = list(field.choices.items())
    if not scalars.is_enumerable(choices):
        return str
    return scalars.ChoiceEncoder(choices, nullable=field.allow_blank).annotation


def _primary_key_type(field: Any) -> Any:
    queryset = getattr(field, "queryset", None)
    key = queryset.model._meta.pk if queryset is not None else None
    if isinstance(key, models.UUIDField):
        return uuid.UUID
    return str if isinstance(key, models.CharField) else int


class SerializerEncoder(Encoder):
    """The output of a serializer, which never receives content that is not public.

    See `encoding.drf.sources` for the limits of that.
    """

    def __init__(self, serializer: Any, inner: Encoder) -> None:
        super().__init__(inner.annotation, untyped=inner.untyped)
        guard(serializer)
        self.serializer = serializer
        self.inner = inner

    def encode(self, value: Any, location: Location, compilation: Compilation) -> Json:
        def make(whole: Any) -> Json:
            source = self._source(whole)
            result = None if source is None else self.serializer.to_representation(source)
            return self.inner.encode(result, location, compilation)

        with tracking_reads(compilation, value) as read, reading_for(compilation):
            result, value = make_with_whole_images(make, value)
            compilation.mark_computed(location, result, make, value)
            mark_read_texts(compilation, location, result, make, value, read)
            self._translate_library_text(result, value, location, compilation)
            return with_known_addresses(result, location, compilation, value, read)

    def _source(self, whole: Any) -> Any:
        try:
            return self.serializer.get_attribute(whole)
        except fields.SkipField:
            return None

    def _translate_library_text(
        self, result: Any, value: Any, location: Location, compilation: Compilation
    ) -> None:
        """Translate the text that Wagtail's own field takes from an image; record its language."""
        if isinstance(self.serializer, ImageRenditionField) and result and result.get("alt"):
            shown = shown_file(self._source(value), compilation)
            if result["alt"] == default_alt_text(self._source(value)):
                result["alt"] = default_alt_text(shown.file)
            shown.mark_made(location.member("alt"), default_alt_text, compilation)


def serializer_encoder(
    model: type[models.Model], api_field: APIField, path: str, registry: TypeRegistry
) -> Encoder:
    """The encoder of `APIField(serializer=…)` of `model`; it encodes the whole instance.

    The serializer in the model's `api_fields` is a shared object, so a copy of it is bound.
    """
    serializer: Any = copy.deepcopy(api_field.serializer)
    serializer.bind(field_name=api_field.name, parent=None)
    given, _ = _follow_hops(model, hops_of(serializer))
    annotation = _annotation(serializer, path, registry, given)
    name = type(serializer).__qualname__
    if annotation is None:
        inner: Encoder = scalars.plain_json(
            f"Use a subclass of {name} whose to_representation has a return annotation."
        )
    else:
        # A source may be null regardless of the serializer's own type.
        inner = typed_value(
            annotation | None, f"Add a return annotation to {name}.to_representation."
        )
    return SerializerEncoder(serializer, inner)
