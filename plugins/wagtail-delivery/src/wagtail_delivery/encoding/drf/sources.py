"""Filter the sources of serializers, hop by hop, so they never receive content that is not public.

`source="doctor.name"` passes through a doctor, and a nested serializer receives one. Each object on
the way is checked for visibility. Reads within a method of the serializer or model cannot be
checked; see `plugins/wagtail-delivery/docs/documents.md`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import models
from modelcluster.queryset import FakeQuerySet
from rest_framework import fields, relations, serializers

from wagtail_delivery.content.visibility import may_be_absent
from wagtail_delivery.encoding.base import Compilation
from wagtail_delivery.encoding.query_tracking import without_tracking

#: Fields whose value is a list, which leaves out content that is not public.
LISTS = (serializers.ListSerializer, relations.ManyRelatedField, fields.ListField)
ROWS = (models.manager.BaseManager, models.QuerySet, FakeQuerySet)

#: The current document's compilation; a context variable, because all threads share serializers.
_compilation: ContextVar[Compilation] = ContextVar("compilation")


@contextmanager
def reading_for(compilation: Compilation) -> Iterator[None]:
    """Let guarded fields record their reads in `compilation` within this block."""
    token = _compilation.set(compilation)
    try:
        yield
    finally:
        _compilation.reset(token)


def guard(field: Any) -> None:
    """Patch `field`, and every field in it, to receive only public content."""
    read = field.get_attribute
    field.get_attribute = lambda instance: _public_attribute(field, read, instance)
    for part in _parts(field):
        guard(part)


def hops_of(field: Any) -> list[str]:
    """The attributes that a field follows from the instance that it receives to its value."""
    return [*field.source_attrs, *_own_hops(field)]


def _parts(field: Any) -> list[Any]:
    if isinstance(field, serializers.Serializer):
        return list(field.fields.values())
    child = getattr(field, "child", None)
    return [] if child is None else [child]


def _own_hops(field: Any) -> list[str]:
    """The attributes that a field follows after its source (`slug_field="doctor__name"`)."""
    related = getattr(field, "child_relation", field)
    if isinstance(related, relations.SlugRelatedField):
        return str(related.slug_field).split("__")[:-1]
    return []


def _public_attribute(field: Any, read: Any, instance: Any) -> Any:
    source = _Source(_compilation.get(), _own_hops(field))
    if not source.is_path_public(instance, field.source_attrs[:-1]):
        if isinstance(field, LISTS):
            return []
        return None if field.default is fields.empty else field.get_default()
    value = read(instance)
    if isinstance(value, relations.PKOnlyObject):
        # It was created without loading the object with that key.
        behind = fields.get_attribute(instance, field.source_attrs)
        return value if source.public_part(behind) is behind else None
    return value if value is instance else source.public_part(value)


class _Source:
    """The reads of one field for a document; it follows `own_hops` after its source."""

    def __init__(self, compilation: Compilation, own_hops: Sequence[str]) -> None:
        self.compilation = compilation
        self.own_hops = own_hops

    def is_path_public(self, instance: Any, hops: Sequence[str]) -> bool:
        """Whether every object along `hops` from `instance` exists and is public."""
        for hop in hops:
            try:
                instance = fields.get_attribute(instance, [hop])
            except (AttributeError, KeyError):
                # The field handles a missing attribute itself.
                return True
            if instance is None or not self._is_public(instance):
                return False
        return True

    def _is_public(self, value: Any) -> bool:
        if not isinstance(value, models.Model):
            return True
        self.compilation.depends_on(value)
        with without_tracking(self.compilation):
            return self.compilation.snapshot.is_public(value)

    def _is_readable(self, value: Any) -> bool:
        return self._is_public(value) and self.is_path_public(value, self.own_hops)

    def public_part(self, value: Any) -> Any:
        """`value` without content that is not public; the same object if nothing is left out."""
        if isinstance(value, models.Model):
            return value if self._is_readable(value) else None
        if isinstance(value, ROWS):
            return self._public_rows(value)
        if isinstance(value, Mapping):
            shown: Any = {name: self.public_part(part) for name, part in value.items()}
            return value if all(shown[name] is value[name] for name in shown) else shown
        if isinstance(value, list | tuple | set | frozenset | Iterator):
            before = list(value)
            shown = [
                self.public_part(part)
                for part in before
                if not isinstance(part, models.Model) or self._is_readable(part)
            ]
            is_whole = [id(part) for part in shown] == [id(part) for part in before]
            return value if is_whole and not isinstance(value, Iterator) else shown
        return value

    def _public_rows(self, rows: Any) -> Any:
        if not self.own_hops and not may_be_absent(rows.model):
            return rows
        # Evaluating the queryset fills its cache, which the serializer then iterates.
        queryset = rows.all() if isinstance(rows, models.manager.BaseManager) else rows
        found = list(queryset)
        shown = [row for row in found if self._is_readable(row)]
        if len(shown) == len(found):
            return rows
        query = getattr(queryset, "query", None)
        if query is not None and (query.is_sliced or query.combinator):
            return shown
        # Still a queryset, because a project's own field may refine it.
        keys = {row.pk for row in shown}
        return rows.exclude(pk__in=[row.pk for row in found if row.pk not in keys])
