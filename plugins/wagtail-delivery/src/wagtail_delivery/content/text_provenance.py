"""Find the texts that computed output came from: leaving one out changes the output.

The inner workings of `__str__`, a property or a serializer are invisible. But each can run once
more, on the same instance with one text left out.
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

#: Attributes that cache a result: a copy would keep the result computed from all texts.
CACHED = (cached_property, functools.cached_property)


def variants_without(make: Callable[[Any], Any], value: Any, paths: Iterable[str]) -> Iterator[Any]:
    """The results of `make` for `value` without the text at each of `paths`; None if it fails.

    Paths are content paths (see `Location.content_path`) within `value`. Paths that lead to no
    loaded text, or into inline children, are skipped.
    """
    for path in sorted(paths):
        other = copy_without(value, path.split(".") if path else [])
        if other is None:
            continue
        try:
            yield make(other)
        except Exception:
            # The project's code cannot cope without that text.
            yield None


def copy_without(value: Any, steps: Sequence[str]) -> Any:
    """A copy of `value` with the text at `steps` left out; None if there is no text."""
    if not steps:
        if isinstance(value, RichText):
            return RichText("")
        return "" if isinstance(value, str) else None
    step, rest = steps[0], steps[1:]
    if isinstance(value, models.Model):
        # A field that is not loaded yet cannot have contributed.
        part = copy_without(vars(value).get(step), rest)
        return None if part is None else copy_with(value, step, part)
    if isinstance(value, StructValue):
        part = copy_without(value.get(step), rest)
        return None if part is None else type(value)(value.block, [*value.items(), (step, part)])
    if isinstance(value, StreamValue):
        children = [(child.block_type, child.value, child.id) for child in value]
        parts = [
            (name, copy_without(part, rest), key) for name, part, key in children if key == step
        ]
        if not parts or parts[0][1] is None:
            return None
        changed = [parts[0] if child[2] == step else child for child in children]
        return StreamValue(value.stream_block, changed)
    if isinstance(value, ListValue):
        found = [
            copy_without(child.value, rest) for child in value.bound_blocks if child.id == step
        ]
        if not found or found[0] is None:
            return None
        block = value.list_block.child_block
        return ListValue(
            value.list_block,
            bound_blocks=[
                ListValue.ListChild(
                    block, found[0] if child.id == step else child.value, id=child.id
                )
                for child in value.bound_blocks
            ],
        )
    return None


def copy_with(instance: models.Model, name: str, part: Any) -> models.Model:
    """A copy of `instance` with another value of the field `name`, and no cached results."""
    other = copy_without_results(instance)
    setattr(other, name, part)
    return other


def copy_without_results(instance: models.Model) -> models.Model:
    """A copy of `instance` that computes its cached properties again."""
    other = copy.copy(instance)
    for attribute in [*vars(other)]:
        if isinstance(getattr(type(other), attribute, None), CACHED):
            del vars(other)[attribute]
    return other


def without_results(instance: models.Model) -> models.Model:
    """`instance`, or a copy of it that computes its cached properties again if it has any."""
    held = any(isinstance(getattr(type(instance), name, None), CACHED) for name in vars(instance))
    return copy_without_results(instance) if held else instance


def differing_texts(made: Any, other: Any, pointer: str = "") -> Iterator[str]:
    """The JSON pointers of texts in `made` that `other`, computed from fewer texts, lacks there."""
    if isinstance(made, str):
        if made != other:
            yield pointer
    elif isinstance(made, dict):
        members = other if isinstance(other, dict) else {}
        # A name may be one of the texts; its member is then at the same place.
        places = list(members.values()) if len(members) == len(made) else [None] * len(made)
        for (name, part), place in zip(made.items(), places, strict=True):
            step = str(name).replace("~", "~0").replace("/", "~1")
            yield from differing_texts(part, members.get(name, place), f"{pointer}/{step}")
    elif isinstance(made, list):
        items = other if isinstance(other, list) else []
        for index, part in enumerate(made):
            # Other items may have moved: an item was dropped, or the list is sorted.
            if part not in items:
                other_part = items[index] if len(items) == len(made) else None
                yield from differing_texts(part, other_part, f"{pointer}/{index}")
