"""The members of a type, built from its model's `api_fields`."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from wagtail.api import APIField
from wagtail.api.conf import get_model_field
from wagtail.models import Page

from wagtail_delivery.encoding.base import Encoder
from wagtail_delivery.encoding.computed import (
    ComputedEncoder,
    ComputedRelationEncoder,
    model_in,
    return_annotation,
    typed_value,
)
from wagtail_delivery.encoding.declarations import declaration_of, listing_class
from wagtail_delivery.encoding.drf.serializers import serializer_encoder
from wagtail_delivery.encoding.fields import ForeignKeyColumnEncoder, field_encoder
from wagtail_delivery.encoding.member import Member
from wagtail_delivery.encoding.registry import TypeRegistry
from wagtail_delivery.encoding.relations import RelatedListEncoder
from wagtail_delivery.encoding.schema_names import described, label_of, pascal_case
from wagtail_delivery.encoding.third_party_types import (
    annotation_remedy,
    class_label,
    third_party_annotation,
)
from wagtail_delivery.schema.envelope import RENAMED, RENAMED_IN_PAGES, SAME_MEANING


class UnknownApiFieldsError(LookupError):
    """`api_fields` names things that the models do not have."""

    def __init__(self, unknown: Collection[tuple[type[Any], str]]) -> None:
        """`unknown` has the class that lists each entry, and its name."""
        self.unknown = sorted((class_label(owner), name, owner) for owner, name in unknown)
        listed = ", ".join(f"{label}.{name}" for label, name, _ in self.unknown)
        super().__init__(f"api_fields names things that do not exist: {listed}.")


def _whole(instance: Any) -> Any:
    return instance


def api_member(
    model: type[models.Model], api_field: APIField, path: str, registry: TypeRegistry
) -> Member:
    """Build the member for one `api_field` of `model`; `path` prefixes the names of its schemas.

    Raises AttributeError if the model has no such field, property or method.
    """
    name = api_field.name
    type_path = path + pascal_case(name)
    if api_field.serializer is not None:
        serialized = serializer_encoder(model, api_field, type_path, registry)
        return Member(name, serialized, _whole)
    try:
        field = get_model_field(model, name)
    except FieldDoesNotExist:
        return _python_member(model, name, registry)
    if name == getattr(field, "attname", "") != field.name:
        encoder: Encoder = ForeignKeyColumnEncoder(field, type_path, registry)
    else:
        encoder = field_encoder(field, type_path, registry)
    _, description = described(encoder, getattr(field, "help_text", ""), label_of(field))
    if isinstance(field, models.ForeignObjectRel) and not _is_child_relation(field):
        return Member(name, encoder, _whole, description, field)
    return Member(name, encoder, lambda instance: getattr(instance, name), description, field)


def _is_unknown(model: type[models.Model], api_field: APIField) -> bool:
    """Whether the model has no field, property or method of this name."""
    if api_field.serializer is not None or hasattr(model, api_field.name):
        return False
    try:
        get_model_field(model, api_field.name)
    except FieldDoesNotExist:
        return True
    return False


def _is_child_relation(field: models.ForeignObjectRel) -> bool:
    from modelcluster.fields import ParentalKey

    return isinstance(field.remote_field, ParentalKey) or isinstance(field, models.ManyToManyRel)


def _python_member(model: type[models.Model], name: str, registry: TypeRegistry) -> Member:
    attribute = getattr(model, name)

    def read(instance: Any) -> Any:
        value = getattr(instance, name)
        return value() if callable(value) and not isinstance(value, models.Manager) else value

    annotation = return_annotation(attribute)
    annotation = (
        annotation or _display_annotation(model, name) or third_party_annotation(model, name)
    )
    description = (getattr(attribute, "__doc__", None) or "").strip().partition("\n\n")[0]
    if described := model_in(annotation):
        target, many, optional = described
        item = registry.relation(target, nullable=optional)
        inner: Encoder = RelatedListEncoder(item) if many else item
        return Member(name, ComputedRelationEncoder(read, inner), _whole, description)
    instead = (
        "name a property of your own with a return annotation in its place, or give it a "
        f"serializer with a type, as APIField({name!r}, serializer=CharField())."
    )
    remedy = annotation_remedy(model, name, instead)
    return Member(name, ComputedEncoder(read, typed_value(annotation, remedy)), _whole, description)


def _display_annotation(model: type[models.Model], name: str) -> Any:
    """The return type of Django's own `get_<field>_display`, for a field with choices."""
    method = re.fullmatch(r"get_(\w+)_display", name)
    for field in model._meta.concrete_fields:
        if method and field.name == method[1] and field.choices:
            return str | None if field.null else str
    return None


def api_members(
    model: type[models.Model],
    path: str,
    registry: TypeRegistry,
    *,
    only: Sequence[str] | None = None,
    without: Sequence[str] = (),
    prefix: str = "",
) -> list[Member]:
    """Build the members for a model's `api_fields`, each name once, in declaration order.

    With a `prefix`, the type has an envelope: members of the same meaning are not repeated, and
    names that the envelope uses get the prefix (`type` of an event becomes `event_type`). Entries
    that do not exist are left out and recorded in the registry.
    """
    members: dict[str, Member] = {}
    renamed = RENAMED_IN_PAGES if issubclass(model, Page) else RENAMED
    for api_field in APIField.get_fields_for_model(model):
        name = api_field.name
        if name in without or (only is not None and name not in only):
            continue
        if prefix and name in SAME_MEANING:
            continue
        if _is_unknown(model, api_field):
            registry.unknown.add((listing_class(model, api_field), name))
            continue
        member = api_member(model, api_field, path, registry)
        if remedy := member.encoder.untyped:
            registry.untyped.setdefault(declaration_of(model, api_field), remedy)
        if prefix and name in renamed:
            member = replace(member, name=f"{prefix}_{name}", attribute=name)
        members[member.name] = member
    return list(members.values())
