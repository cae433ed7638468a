"""What of a source's content its translations are made from, in a form that can be compared."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from typing import Any

from django.db import models
from modelcluster.fields import ParentalKey
from modelcluster.models import get_all_child_relations
from wagtail.fields import StreamField
from wagtail.models import DraftStateMixin
from wagtail_localize.fields import get_translatable_fields

#: When and for how long a thing is public: each locale's own, and no reason to translate anew.
PUBLISHING_FIELDS = frozenset(field.attname for field in DraftStateMixin._meta.local_fields)


def field_digests(model: type[models.Model], content: dict[str, Any]) -> dict[str, str]:
    """A digest of each field of `content` that wagtail-localize translates or copies.

    `content` is what a revision or a translation source holds, as plain JSON. Empty fields are left
    out, so that a field that is added to the model later changes nothing until it is filled.
    """
    plain = _without_keys(model, content)
    return {
        name: hashlib.sha256(json.dumps(plain[name], sort_keys=True).encode()).hexdigest()
        for name in _compared_fields(model)
        if plain.get(name)
    }


def changed_fields(
    model: type[models.Model], made_from: dict[str, str], now: dict[str, str]
) -> set[str]:
    """Names of the fields of `model` whose digests differ; fields it no longer has do not count."""
    return {name for name in _compared_fields(model) if made_from.get(name) != now.get(name)}


@cache
def _compared_fields(model: type[models.Model]) -> frozenset[str]:
    blank = model()
    return frozenset(
        field.field_name
        for field in get_translatable_fields(model)
        if field.field_name not in PUBLISHING_FIELDS
        and (field.is_translated(blank) or field.is_synchronized(blank))
    )


def _without_keys(model: type[models.Model], content: dict[str, Any]) -> dict[str, Any]:
    """`content` with streams as data, and children without the keys they may not have yet."""
    plain = dict(content)
    for field in model._meta.concrete_fields:
        value = plain.get(field.name)
        if isinstance(field, StreamField) and isinstance(value, str):
            plain[field.name] = json.loads(value)
    if not hasattr(model, "copy_child_relation"):
        return plain
    for relation in get_all_child_relations(model):
        child = relation.related_model
        keys = {
            "pk",
            *(field.name for field in child._meta.fields if isinstance(field, ParentalKey)),
        }
        plain[relation.name] = [
            {name: value for name, value in _without_keys(child, item).items() if name not in keys}
            for item in plain.get(relation.name) or []
        ]
    return plain
