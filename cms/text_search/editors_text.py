"""The passages of what editors work on, from the JSON in which Wagtail stores a revision.

Reading that JSON needs no query. Everything counts that somebody typed: drafts, notes to editors,
telephone numbers, external addresses, and cells with numbers.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.db import models
from modelcluster.models import get_all_child_relations
from wagtail import blocks
from wagtail.blocks.field_block import BaseChoiceBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.rich_text import get_text_for_indexing

from cms.editors.second_person.authorship import NOT_TEXT
from cms.text_search.passages import HEADING, IDENTIFIERS, Passage

#: Blocks whose stored text nobody typed as a text.
NO_TEXT = (
    BaseChoiceBlock,
    blocks.ChooserBlock,
    blocks.DateBlock,
    blocks.DateTimeBlock,
    blocks.TimeBlock,
)
#: What a stored block or cell has beside its text.
NOT_TYPED = {"id", "type"}


def editors_passages(model: type[models.Model], content: dict[str, Any]) -> list[Passage]:
    """The passages of a revision's `content`, in the order of the fields."""
    return [
        passage
        for passage in _of_fields(model, content, (), "")
        if passage.text.strip() and passage.steps[-1] not in IDENTIFIERS
    ]


def _of_fields(
    model: type[models.Model], content: dict[str, Any], steps: tuple[str, ...], path: str
) -> Iterator[Passage]:
    for field in model._meta.get_fields():
        if isinstance(field, models.Field) and content.get(field.name):
            below = _joined(path, field.name)
            yield from _of_field(field, content[field.name], (*steps, field.name), below)
    for relation in get_all_child_relations(model):
        name = relation.get_accessor_name()
        for row in content.get(name) or ():
            below = _joined(path, name, str(row.get("translation_key", "")))
            yield from _of_fields(relation.related_model, row, (*steps, name), below)


def _of_field(
    field: models.Field[Any, Any], value: Any, steps: tuple[str, ...], path: str
) -> Iterator[Passage]:
    if isinstance(field, StreamField):
        stored = json.loads(value) if isinstance(value, str) else value
        yield from _of_block(field.stream_block, stored, Passage(steps, path, ""))
    elif isinstance(field, RichTextField):
        yield Passage(steps, path, plain(value))
    elif isinstance(field, models.CharField | models.TextField) and _is_typed(field):
        yield Passage(steps, path, str(value))


def _is_typed(field: models.Field[Any, Any]) -> bool:
    return field.editable and not field.choices and field.name not in NOT_TEXT


def _of_block(block: blocks.Block, stored: Any, place: Passage) -> Iterator[Passage]:
    """The passages of a block's stored value; `place` has its steps, path and heading."""
    if isinstance(block, blocks.StreamBlock):
        for item in stored or ():
            child = block.child_blocks.get(item["type"])
            if child is not None:
                below = _below(place, item["type"], item.get("id"), item["value"])
                yield from _of_block(child, item["value"], below)
    elif isinstance(block, blocks.StructBlock):
        for name, child in block.child_blocks.items():
            if isinstance(stored, dict) and stored.get(name):
                yield from _of_block(child, stored[name], _below(place, name, name, None))
    elif isinstance(block, blocks.ListBlock):
        for item in stored or ():
            is_block = isinstance(item, dict) and item.keys() >= {"type", "value"}
            value = item["value"] if is_block else item
            below = _below(place, "", item.get("id") if is_block else "", value)
            yield from _of_block(block.child_block, value, below)
    elif isinstance(block, blocks.RichTextBlock):
        yield _with_text(place, plain(stored))
    elif not isinstance(block, NO_TEXT):
        for text in _strings(stored):
            yield _with_text(place, text)


def plain(html: Any) -> str:
    """The plain text of stored rich text."""
    return str(get_text_for_indexing(str(html or ""))).strip()


def _strings(value: Any) -> Iterator[str]:
    """The texts in the stored value of a block of which only that is known."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for part in value:
            yield from _strings(part)
    elif isinstance(value, dict):
        for name, part in value.items():
            if name not in NOT_TYPED:
                yield from _strings(part)


def _below(place: Passage, step: str, name: Any, value: Any) -> Passage:
    heading = value.get(HEADING) if isinstance(value, dict) else ""
    return Passage(
        (*place.steps, step) if step else place.steps,
        _joined(place.content_path, str(name or "")),
        "",
        heading if heading and isinstance(heading, str) else place.heading,
    )


def _with_text(place: Passage, text: str) -> Passage:
    return Passage(place.steps, place.content_path, text, place.heading)


def _joined(*parts: str) -> str:
    return ".".join(part for part in parts if part)
