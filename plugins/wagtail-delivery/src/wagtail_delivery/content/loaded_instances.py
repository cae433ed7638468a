"""The instances that code can read from a value without a query, because they are loaded already.

A StreamField loads all that its blocks chose at once, an instance keeps the targets of its foreign
keys and what was prefetched, and a cached property its result.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import models
from wagtail.blocks import BoundBlock, StreamValue
from wagtail.blocks.list_block import ListValue
from wagtail.contrib.typed_table_block.blocks import TypedTable


def loaded_instances(value: Any) -> Iterator[models.Model]:
    """Each instance within `value`, itself included, that is loaded; runs no query."""
    seen: set[int] = set()
    pending = [value]
    while pending:
        part = pending.pop()
        if id(part) in seen:
            continue
        seen.add(id(part))
        if isinstance(part, models.Model):
            yield part
        pending.extend(_parts(part))


def _parts(value: Any) -> list[Any]:
    if isinstance(value, models.Model):
        return [*vars(value).values(), *value._state.fields_cache.values()]
    if isinstance(value, dict):
        return list(value.values())
    if isinstance(value, list | tuple | set | frozenset):
        return list(value)
    if isinstance(value, models.QuerySet):
        return list(value._result_cache or [])
    if isinstance(value, BoundBlock):
        return [value.value]
    if isinstance(value, StreamValue):
        # Not its items, which it would load now.
        return list(value._bound_blocks)
    if isinstance(value, ListValue):
        return list(value.bound_blocks)
    if isinstance(value, TypedTable):
        return list(value.row_data)
    return []
