"""Telling what code made of which texts: without one of them, it makes another thing.

Nobody can see into `__str__`, a property or a serializer. But each can be asked once more, for the
same thing with one text left out.
"""

from __future__ import annotations

import copy
import functools
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from django.db import models
from django.utils.functional import cached_property
from wagtail.blocks import StreamValue, StructValue
from wagtail.blocks.list_block import ListValue
from wagtail.rich_text import RichText

#: What is remembered of a computation: it would be what it was with all texts.
CACHED = (cached_property, functools.cached_property)


def variants_without(make: Callable[[Any], Any], value: Any, paths: Iterable[str]) -> Iterator[Any]:
    """What `make` makes of `value` without the text at each of `paths`; None where it cannot.

    Paths are content paths (see `Place.content`) within `value`. Those that lead to no text that
    was read, or into inline children, are left out.
    """
    for path in sorted(paths):
        other = _without(value, path.split(".") if path else [])
        if other is None:
            continue
        try:
            yield make(other)
        except Exception:
            # The code of the project does without that text no better.
            yield None


def _without(value: Any, steps: Sequence[str]) -> Any:
    """A copy of `value` with the text at `steps` left out; None where there is none."""
    if not steps:
        if isinstance(value, RichText):
            return RichText("")
        return "" if isinstance(value, str) else None
    step, rest = steps[0], steps[1:]
    if isinstance(value, models.Model):
        # What was not loaded so far, nothing was made of.
        part = _without(vars(value).get(step), rest)
        return None if part is None else _with(value, step, part)
    if isinstance(value, StructValue):
        part = _without(value.get(step), rest)
        return None if part is None else type(value)(value.block, [*value.items(), (step, part)])
    if isinstance(value, StreamValue):
        children = [(one.block_type, one.value, one.id) for one in value]
        parts = [(name, _without(part, rest), key) for name, part, key in children if key == step]
        if not parts or parts[0][1] is None:
            return None
        changed = [parts[0] if child[2] == step else child for child in children]
        return StreamValue(value.stream_block, changed)
    if isinstance(value, ListValue):
        found = [_without(one.value, rest) for one in value.bound_blocks if one.id == step]
        if not found or found[0] is None:
            return None
        block = value.list_block.child_block
        return ListValue(
            value.list_block,
            bound_blocks=[
                ListValue.ListChild(block, found[0] if one.id == step else one.value, id=one.id)
                for one in value.bound_blocks
            ],
        )
    return None


def _with(instance: models.Model, name: str, part: Any) -> models.Model:
    other = copy.copy(instance)
    for remembered in [*vars(other)]:
        if isinstance(getattr(type(other), remembered, None), CACHED):
            del vars(other)[remembered]
    setattr(other, name, part)
    return other


def differing_texts(made: Any, other: Any, pointer: str = "") -> Iterator[str]:
    """The JSON pointers of the texts in `made` that `other`, made of less, has not got there."""
    if isinstance(made, str):
        if made != other:
            yield pointer
    elif isinstance(made, dict):
        members = other if isinstance(other, dict) else {}
        for name, part in made.items():
            step = str(name).replace("~", "~0").replace("/", "~1")
            yield from differing_texts(part, members.get(name), f"{pointer}/{step}")
    elif isinstance(made, list):
        items = other if isinstance(other, list) else []
        for index, part in enumerate(made):
            # Others may have moved: an item fell away, or the list is sorted.
            if part not in items:
                there = items[index] if len(items) == len(made) else None
                yield from differing_texts(part, there, f"{pointer}/{index}")
