"""Sources of DRF serializers in `api_fields` that do not exist, as far as classes show it.

The framework silently leaves such a field out, or shows its default.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from rest_framework import fields, relations, serializers
from wagtail.api import APIField
from wagtail.api.conf import get_model_field

from wagtail_delivery.encoding.declarations import declaration_of

Model = type[models.Model]
#: Where the serializer is declared, its source, and which model lacks which attribute.
Wrong = tuple[str, str, Model, str]


def wrong_sources() -> Iterator[Wrong]:
    """All sources that do not exist, each serializer once, in the order of the models."""
    seen: set[int] = set()
    for model in apps.get_models():
        for api_field in APIField.get_fields_for_model(model):
            # A model inherits the very objects of its parents' `api_fields`.
            if api_field.serializer is not None and id(api_field.serializer) not in seen:
                seen.add(id(api_field.serializer))
                serializer = copy.deepcopy(api_field.serializer)
                serializer.bind(field_name=api_field.name, parent=None)
                yield from _wrong_in(serializer, model, declaration_of(model, api_field))


def _wrong_in(field: Any, given: Model, where: str) -> Iterator[Wrong]:
    """The sources that `field`, or a field in it, reads from a `given` instance without them."""
    paths = [field.source_attrs]
    related = getattr(field, "child_relation", field)
    if isinstance(related, relations.SlugRelatedField):
        paths.append(str(related.slug_field).split("__"))
    target: Model | None = given
    for path in paths:
        if target is not None:
            target, missing_in, missing = _follow(path, target)
            if missing_in is not None and field.default is fields.empty:
                yield where, ".".join(path), missing_in, missing
    nested = getattr(field, "child", field)
    if target is not None and isinstance(nested, serializers.Serializer):
        for name, part in nested.fields.items():
            if not part.write_only:
                yield from _wrong_in(part, target, f"{where}.{name}")


def _follow(hops: Sequence[str], model: Model) -> tuple[Model | None, Model | None, str]:
    """The model that `hops` lead to from `model`; else the model and the hop that it lacks.

    Neither is known behind a property, a method or a list.
    """
    for number, hop in enumerate(hops, 1):
        if not hasattr(model, hop):
            return None, model, hop
        try:
            found: Any = get_model_field(model, hop)
        except FieldDoesNotExist:
            return None, None, ""
        is_column = hop == getattr(found, "attname", found.name) != found.name
        is_list = found.many_to_many or found.one_to_many
        if is_column or found.related_model is None or (is_list and number < len(hops)):
            return None, None, ""
        model = found.related_model
    return model, None, ""
