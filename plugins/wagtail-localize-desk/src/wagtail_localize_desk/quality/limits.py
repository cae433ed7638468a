"""How many characters a field or block holds."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from wagtail.blocks import Block, ListBlock
from wagtail.fields import RichTextField, StreamField


def length_limit(model: type[models.Model], field_path: str) -> int | None:
    """The limit of the text at wagtail-localize's field path, such as `body.section.heading`.

    None without a limit, for rich text, whose markup counts too, and for a path that `model` lacks.
    """
    name, *rest = field_path.split(".")
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    if isinstance(field, StreamField):
        return _limit_in_blocks(field.stream_block, rest)
    if rest and field.related_model is not None and not isinstance(field.related_model, str):
        return length_limit(field.related_model, ".".join(rest))
    if isinstance(field, RichTextField):
        return None
    limit: int | None = getattr(field, "max_length", None)
    return limit


def _limit_in_blocks(block: Block, names: Sequence[str]) -> int | None:
    for name in names:
        child = block.child_block if isinstance(block, ListBlock) else None
        found = child or getattr(block, "child_blocks", {}).get(name)
        if found is None:
            return None
        block = found
    limit: int | None = getattr(getattr(block, "field", None), "max_length", None)
    return limit
