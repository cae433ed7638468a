"""What of a source's content its translations are made from, in a form that can be compared."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
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

    `content` is what a revision or a translation source holds. Empty fields are left out, so that a
    field that is added to the model later changes nothing until it is filled.
    """
    plain = _without_keys(model, json.loads(json.dumps(content, cls=DjangoJSONEncoder)))
    blank = model()
    digests = {}
    for field in get_translatable_fields(model):
        value = plain.get(field.field_name)
        if not value or field.field_name in PUBLISHING_FIELDS:
            continue
        if field.is_translated(blank) or field.is_synchronized(blank):
            canonical = json.dumps(value, sort_keys=True).encode()
            digests[field.field_name] = hashlib.sha256(canonical).hexdigest()
    return digests


def changed_fields(
    model: type[models.Model], made_from: dict[str, str], now: dict[str, str]
) -> set[str]:
    """Names of the fields of `model` whose digests differ; fields it no longer has do not count."""
    known = {field.field_name for field in get_translatable_fields(model)}
    return {name for name in known if made_from.get(name) != now.get(name)}


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
