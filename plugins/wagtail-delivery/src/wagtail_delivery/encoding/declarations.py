"""Which class declares what an entry of `api_fields` shows, so a message names it once."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from wagtail.api import APIField

from wagtail_delivery.encoding.third_party_types import class_label, defining_class, is_packaged


def declaration_of(model: type[models.Model], api_field: APIField) -> str:
    """Where `api_field` of `model` comes from, as `app.Model.name`.

    The model is the one that defines the field, property or method. It is the one whose
    `api_fields` has the entry for a serializer, and for code that the project cannot change.
    """
    return f"{class_label(_declaring_class(model, api_field))}.{api_field.name}"


def _declaring_class(model: type[models.Model], api_field: APIField) -> type[Any]:
    if api_field.serializer is None:
        found = _field_owner(model, api_field.name) or defining_class(model, api_field.name)
        if not is_packaged(found):
            return found
    return listing_class(model, api_field)


def listing_class(model: type[models.Model], api_field: APIField) -> type[Any]:
    """The class of `model` and its ancestors whose own `api_fields` has the entry."""
    ancestors = reversed(model.__mro__)
    return next((one for one in ancestors if _lists(one, api_field)), model)


def _field_owner(model: type[models.Model], name: str) -> type[Any] | None:
    """The first model that defines the field; models that inherit an abstract one have a copy."""
    try:
        counter = getattr(model._meta.get_field(name), "creation_counter", None)
    except FieldDoesNotExist:
        return None
    for ancestor in reversed(model.__mro__):
        fields = getattr(getattr(ancestor, "_meta", None), "local_fields", ())
        if any(item.creation_counter == counter for item in fields):
            return ancestor
    return None


def _lists(owner: type[Any], api_field: APIField) -> bool:
    """Whether the very entry is in the `api_fields` of the class itself."""
    return any(
        getattr(entry, "name", entry) == api_field.name
        and getattr(entry, "serializer", None) is api_field.serializer
        for entry in vars(owner).get("api_fields") or ()
    )
