"""Choose what the sources of serializers pass through, hop by hop, as for cards.

`source="doctor.name"` passes through a doctor, and a nested serializer receives one. Each object on
the way is the public one in the document's locale or else in the fallback; without one, the value
is absent. Reads within a method of the serializer or model cannot be checked; see
`plugins/wagtail-delivery/docs/documents.md`.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
    """Patch `field`, and every field in it, to receive only the content to show."""
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
    given = source.shown_through(instance, field.source_attrs[:-1])
    if given is None:
        if isinstance(field, LISTS):
            return []
        return None if field.default is fields.empty else field.get_default()
    value = read(given)
    if isinstance(value, relations.PKOnlyObject):
        # It was created without loading the object with that key.
        behind = fields.get_attribute(given, field.source_attrs)
        shown = source.shown_part(behind)
        if shown is None or shown is behind:
            return None if shown is None else value
        return relations.PKOnlyObject(pk=shown.pk)
    return value if value is given else source.shown_part(value)


class _Through:
    """An object as a field sees it that follows the hop `name` from it: `value` is there."""

    def __init__(self, instance: Any, name: str, value: Any) -> None:
        self.__dict__.update({"_instance": instance, name: value})

    def __getattr__(self, name: str) -> Any:
        return getattr(self._instance, name)

    def __str__(self) -> str:
        return str(self._instance)


class _Source:
    """The reads of one field for a document; it follows `own_hops` after its source."""

    def __init__(self, compilation: Compilation, own_hops: Sequence[str]) -> None:
        self.compilation = compilation
        self.own_hops = own_hops

    def shown_through(self, instance: Any, hops: Sequence[str]) -> Any:
        """`instance` for following `hops` from it, along which each object is the one to show.

        The same object if all of them are already, and None if one does not exist or is not public.
        """
        if not hops:
            return instance
        hop, *rest = hops
        try:
            before = fields.get_attribute(instance, [hop])
        except (AttributeError, KeyError):
            # The field handles a missing attribute itself.
            return instance
        shown = None if before is None else self._counterpart(before)
        through = None if shown is None else self.shown_through(shown, rest)
        if through is None or through is before:
            return None if through is None else instance
        if isinstance(instance, Mapping):
            return {**instance, hop: through}
        return _Through(instance, hop, through)

    def _counterpart(self, value: Any) -> Any:
        """`value` itself or, of content, its counterpart as a card shows it; None without one."""
        if not isinstance(value, models.Model):
            return value
        self.compilation.depends_on(value)
        snapshot = self.compilation.snapshot
        with without_tracking(self.compilation):
            language = snapshot.language_of(value)
            if not self.compilation.is_foreign(language) and snapshot.is_public(value):
                return value
            return self.compilation.counterpart(value)

    def _shown(self, value: Any) -> Any:
        counterpart = self._counterpart(value)
        return None if counterpart is None else self.shown_through(counterpart, self.own_hops)

    def shown_part(self, value: Any) -> Any:
        """`value` with the content to show; the same object if that is all of it, as it is."""
        if isinstance(value, models.Model):
            return self._shown(value)
        if isinstance(value, ROWS):
            return self._shown_rows(_in_order(value))
        if isinstance(value, Mapping):
            shown: Any = {name: self.shown_part(part) for name, part in value.items()}
            return value if all(shown[name] is value[name] for name in shown) else shown
        if isinstance(value, list | tuple | set | frozenset | Iterator):
            before = list(value)
            parts = self._each_shown(before)
            is_whole = _are_same(parts, before) and not isinstance(value, Iterator)
            return value if is_whole else parts
        return value

    def _each_shown(self, parts: Iterable[Any]) -> list[Any]:
        """What to show of each of `parts`, without the content that there is nothing to show of."""
        shown = ((part, self.shown_part(part)) for part in parts)
        return [
            found
            for part, found in shown
            if found is not None or not isinstance(part, models.Model)
        ]

    def _shown_rows(self, rows: Any) -> Any:
        if not self.own_hops and not may_be_absent(rows.model):
            return rows
        # Evaluating the queryset fills its cache, which the serializer then iterates.
        queryset = rows.all() if isinstance(rows, models.manager.BaseManager) else rows
        found = list(queryset)
        shown = self._each_shown(found)
        if _are_same(shown, found):
            return rows
        if not _is_refinable(queryset) or any(isinstance(row, _Through) for row in shown):
            return shown
        # Still a queryset, because a project's own field may refine it.
        keys = [row.pk for row in shown]
        if set(keys) <= {row.pk for row in found}:
            return rows.exclude(pk__in=[row.pk for row in found if row.pk not in keys])
        places = [models.When(pk=key, then=place) for place, key in enumerate(keys)]
        others = queryset.model._default_manager.filter(pk__in=keys)
        return others.order_by(models.Case(*places, output_field=models.IntegerField()))


def _in_order(rows: Any) -> Any:
    """`rows` by their keys if they have no order: PostgreSQL's changes with each update."""
    queryset = rows.all() if isinstance(rows, models.manager.BaseManager) else rows
    return queryset.order_by("pk") if _is_refinable(queryset) and not queryset.ordered else rows


def _is_refinable(queryset: Any) -> bool:
    """Whether `queryset` is one of the database's that can still be ordered and filtered."""
    query = getattr(queryset, "query", None)
    return query is not None and not (query.is_sliced or query.combinator)


def _are_same(parts: Sequence[Any], before: Sequence[Any]) -> bool:
    return len(parts) == len(before) and all(map(operator.is_, parts, before))
