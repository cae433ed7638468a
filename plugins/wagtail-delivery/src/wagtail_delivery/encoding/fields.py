"""Model fields of Django, Wagtail and taggit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.db import models
from modelcluster.fields import ParentalKey
from taggit.managers import TaggableManager
from wagtail.documents import get_document_model
from wagtail.fields import RichTextField, StreamField
from wagtail.images import get_image_model

from wagtail_delivery.encoding import scalars
from wagtail_delivery.encoding.base import Compilation, Encoder, Json, Location
from wagtail_delivery.encoding.blocks import block_encoder
from wagtail_delivery.encoding.email_addresses import EmailAddressEncoder
from wagtail_delivery.encoding.files import DocumentFileEncoder, FileEncoder
from wagtail_delivery.encoding.images import ImageEncoder
from wagtail_delivery.encoding.registry import TypeRegistry
from wagtail_delivery.encoding.relations import (
    ChildrenEncoder,
    Reference,
    RelatedListEncoder,
    RelatedObjectEncoder,
    ReverseRelationEncoder,
)
from wagtail_delivery.encoding.rich_text import RichTextEncoder
from wagtail_delivery.encoding.schema_names import label_of

Factory = Callable[[Any, str, TypeRegistry], Encoder]


class TagsEncoder(Encoder):
    """Tags by name, in alphabetical order."""

    def __init__(self) -> None:
        super().__init__(list[str])

    def encode(self, value: Any, location: Location, compilation: Compilation) -> Json:
        tags = list(value.all())
        for tag in tags:
            compilation.depends_on(tag)
        return sorted(tag.name for tag in tags)


class ManyToManyEncoder(RelatedListEncoder):
    """A many-to-many relation, from either side."""

    def encode(self, value: Any, location: Location, compilation: Compilation) -> Json:
        model = value.model
        rows = value.all().order_by(*(model._meta.ordering or ()), "pk")
        return super().encode(rows, location, compilation)


class GenericRelationEncoder(ManyToManyEncoder):
    """Rows that point at this one by content type and primary key (`GenericRelation`)."""

    def encode(self, value: Any, location: Location, compilation: Compilation) -> Json:
        compilation.depends_on_table(value.model)
        return super().encode(value, location, compilation)


class ForeignKeyColumnEncoder(Encoder):
    """The column of a foreign key (`act_id`): only the key, nothing of the related object."""

    def __init__(self, field: Any, path: str, registry: TypeRegistry) -> None:
        target = field
        while target.is_relation:
            target = target.target_field
        self.inner = field_encoder(target, path, registry)
        annotation = self.inner.annotation
        super().__init__(annotation | None if field.null else annotation)

    def encode(self, value: Any, location: Location, compilation: Compilation) -> Json:
        return None if value is None else self.inner.encode(value, location, compilation)


class StreamFieldEncoder(Encoder):
    """A StreamField: its blocks, each with its type and id."""

    relational = True

    def encode(self, value: Any, location: Location, compilation: Compilation) -> Json:
        return self.inner.encode(value, location, compilation)

    def __init__(self, field: StreamField, path: str, registry: TypeRegistry) -> None:
        self.inner = block_encoder(field.stream_block, path, registry)
        super().__init__(self.inner.annotation, untyped=self.inner.untyped)


def _foreign_key(field: Any, path: str, registry: TypeRegistry) -> Encoder:
    return registry.relation(field.related_model, nullable=field.null)


def _reverse(relation: Any, path: str, registry: TypeRegistry) -> Encoder:
    if isinstance(relation.remote_field, ParentalKey):
        members, annotation = registry.children(relation.related_model, path)
        return ChildrenEncoder(annotation, members)
    item = registry.relation(relation.related_model, nullable=False)
    if isinstance(relation, models.ManyToManyRel):
        return ManyToManyEncoder(item)
    registry.record_reverse_relation(relation.field)
    return ReverseRelationEncoder(relation, item)


def _many_to_many(field: Any, path: str, registry: TypeRegistry) -> Encoder:
    return ManyToManyEncoder(registry.relation(field.related_model, nullable=False))


def _generic_relation(field: Any, path: str, registry: TypeRegistry) -> Encoder:
    return GenericRelationEncoder(registry.relation(field.related_model, nullable=False))


def _generic_foreign_key(field: Any, path: str, registry: TypeRegistry) -> Encoder:
    """The target may be any model, so only its identifier and type are shown."""
    return RelatedObjectEncoder(Reference, (), nullable=True)


def _generated(field: Any, path: str, registry: TypeRegistry) -> Encoder:
    return field_encoder(field.output_field, path, registry)


def _array(field: Any, path: str, registry: TypeRegistry) -> Encoder:
    return scalars.ListEncoder(field_encoder(field.base_field, path, registry))


def _scalar(make: Callable[..., Encoder]) -> Factory:
    return lambda field, path, registry: make(nullable=field.null)


def _char(field: Any, path: str, registry: TypeRegistry) -> Encoder:
    return scalars.TextEncoder(nullable=field.null)


def _rich_text(field: Any, path: str, registry: TypeRegistry) -> Encoder:
    return RichTextEncoder(registry.name_of, field.features, field.editor)


#: Factories by field class; the nearest ancestor of a field's class applies.
FACTORIES: dict[type[Any], Factory] = {
    StreamField: StreamFieldEncoder,
    RichTextField: _rich_text,
    TaggableManager: lambda field, path, registry: TagsEncoder(),
    models.ForeignKey: _foreign_key,
    models.ManyToManyField: _many_to_many,
    models.ForeignObject: _foreign_key,
    GenericForeignKey: _generic_foreign_key,
    GenericRelation: _generic_relation,
    models.ForeignObjectRel: _reverse,
    models.EmailField: lambda field, path, registry: EmailAddressEncoder(),
    models.URLField: _scalar(scalars.uri),
    models.CharField: _char,
    models.TextField: _char,
    models.BooleanField: _scalar(scalars.boolean),
    models.IntegerField: _scalar(scalars.integer),
    models.FloatField: _scalar(scalars.number),
    models.DecimalField: _scalar(scalars.decimal_number),
    models.DateTimeField: _scalar(scalars.moment),
    models.DateField: _scalar(scalars.date),
    models.TimeField: _scalar(scalars.time),
    models.DurationField: _scalar(scalars.duration),
    models.UUIDField: _scalar(scalars.identifier),
    models.BinaryField: _scalar(scalars.binary),
    models.FilePathField: _char,
    models.GeneratedField: _generated,
    models.GenericIPAddressField: _char,
    models.FileField: lambda field, path, registry: FileEncoder(),
    models.ImageField: lambda field, path, registry: FileEncoder(image=True),
}


def register_field(field_class: type[Any], factory: Factory) -> None:
    """Register how the API encodes `field_class` and its subclasses.

    `factory` is called with the model field, a name for the types that it generates and the
    TypeRegistry, and returns the field's Encoder. Call this from an app's `ready()`; the last
    registration of a class wins.
    """
    FACTORIES[field_class] = factory


def field_encoder(field: Any, path: str, registry: TypeRegistry) -> Encoder:
    """The encoder of a model field or relation.

    A field whose class has no registered ancestor is plain JSON, with the remedy in `untyped`.
    """
    choices = scalars.flat_choices(getattr(field, "flatchoices", None) or [])
    if choices and scalars.is_enumerable(choices):
        return scalars.ChoiceEncoder(choices, nullable=field.null or field.blank)
    special = _special_relation(field)
    if special is not None:
        return special
    if hasattr(field, "base_field"):
        return _array(field, path, registry)
    for ancestor in type(field).__mro__:
        if factory := FACTORIES.get(ancestor):
            return factory(field, path, registry)
    return scalars.plain_json(
        f"The type of the values of {type(field).__name__} is unknown: name a property with a "
        "return annotation in its place, or register an encoder for the class with "
        f"wagtail_delivery.extending.register_field ({label_of(field)})."
    )


def _special_relation(field: Any) -> Encoder | None:
    if not isinstance(field, models.ForeignKey):
        return None
    if issubclass(field.related_model, get_image_model()):
        return ImageEncoder()
    if issubclass(field.related_model, get_document_model()):
        return DocumentFileEncoder()
    return None
