"""Values with other instances in place of those that they hold, for code that runs once more."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db import models
from wagtail.blocks import StreamValue, StructValue
from wagtail.blocks.list_block import ListValue
from wagtail.contrib.typed_table_block.blocks import TypedTable

from wagtail_delivery.content.text_provenance import copy_with

#: Gives another value in place of an instance, or the instance itself.
Replace = Callable[[models.Model], Any]


def replaced(value: Any, replace: Replace) -> Any:
    """`value`, or a copy of it with `replace(instance)` for each loaded instance within it."""
    return _Replacement(replace).of(value)


class _Replacement:
    def __init__(self, replace: Replace) -> None:
        self.replace = replace
        #: The values that the current one is part of.
        self.above: set[int] = set()

    def of(self, value: Any) -> Any:
        if id(value) in self.above:  # A circle, such as a child's link to its parent.
            return value
        self.above.add(id(value))
        try:
            return self._of(value)
        finally:
            self.above.discard(id(value))

    def _of(self, value: Any) -> Any:
        if isinstance(value, models.Model):
            other = self.replace(value)
            return self._instance(other) if isinstance(other, models.Model) else other
        if isinstance(value, StructValue):
            return self._changed(
                value,
                value.values(),
                lambda parts: type(value)(value.block, list(zip(value, parts, strict=True))),
            )
        if isinstance(value, StreamValue):
            children = list(value)
            return self._changed(
                value,
                [child.value for child in children],
                lambda parts: StreamValue(
                    value.stream_block,
                    [
                        (child.block_type, part, child.id)
                        for child, part in zip(children, parts, strict=True)
                    ],
                ),
            )
        if isinstance(value, ListValue):
            block = value.list_block.child_block
            return self._changed(
                value,
                [child.value for child in value.bound_blocks],
                lambda parts: ListValue(
                    value.list_block,
                    bound_blocks=[
                        ListValue.ListChild(block, part, id=child.id)
                        for child, part in zip(value.bound_blocks, parts, strict=True)
                    ],
                ),
            )
        if isinstance(value, TypedTable):
            return self._changed(
                value, [value.row_data], lambda parts: TypedTable(value.columns, parts[0])
            )
        if isinstance(value, models.QuerySet) and value._result_cache is not None:
            return self._changed(value, value._result_cache, lambda rows: _loaded(value, rows))
        if type(value) in (list, tuple):
            return self._changed(value, value, type(value))
        if type(value) is dict:
            return self._changed(
                value, value.values(), lambda parts: dict(zip(value, parts, strict=True))
            )
        return value

    def _changed(self, value: Any, parts: Iterable[Any], make: Callable[[list[Any]], Any]) -> Any:
        """`value`, or what `make` gives for its parts if any of them is another."""
        before = list(parts)
        after = [self.of(part) for part in before]
        is_same = all(part is one for part, one in zip(after, before, strict=True))
        return value if is_same else make(after)

    def _instance(self, instance: models.Model) -> models.Model:
        other = instance
        for name, part in [*vars(instance).items(), *instance._state.fields_cache.items()]:
            if (shown := self.of(part)) is not part:
                other = copy_with(other, name, shown)
        return other


def _loaded(queryset: models.QuerySet[Any], rows: list[Any]) -> models.QuerySet[Any]:
    found = queryset.all()
    found._result_cache = rows
    return found
