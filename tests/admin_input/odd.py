"""Odd inputs, and forms and queries that are filled with them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any
from zlib import crc32

from wagtail.blocks import (
    Block,
    FieldBlock,
    ListBlock,
    RichTextBlock,
    StreamBlock,
    StructBlock,
)
from wagtail.fields import RichTextField, StreamField

#: What people paste and programs send.
ODD = {
    "a quotation mark": '"',
    "a phrase": '"Keselamatan Sosial"',
    "an apostrophe": "O'Brien; --",
    "half an emoji": "Tahniah \ud83d semua",
    "NUL": "a\x00b",
    "overlong": "x" * 6_000,
    "right to left": "\u202eabc\u200f",
    "HTML": "<script>alert(1)</script></b>&amp;",
    "a date that is none": "31/02/2024",
    "a number beyond all": "9" * 20,
    "a negative number": "-1",
    "no number": "NaN",
    "broken JSON": '{"a": [}',
    "JSON": "[1]",
    "placeholders": "%s %d {0} {{x}} %(a)s",
    "nothing": "",
}
#: Parameters of lists and choosers, beside those of the forms on a page.
PARAMETERS = (
    *("q", "p", "id", "ordering", "locale", "collection_id", "tag", "next", "page_type"),
    *("content_type", "user", "action", "timestamp_from", "object_type", "parent", "uses"),
    *("search", "fields", "type", "width", "title", "live", "status", "limit", "offset"),
)
#: Never replaced: without them a form is not read at all.
NEEDED = ("csrfmiddlewaretoken", "-TOTAL_FORMS", "-INITIAL_FORMS", "-count", "-deleted", "-order")


def all_at_once(names: Iterable[str]) -> Iterator[dict[str, bytes]]:
    """Each input in all fields at once."""
    names = sorted(names)
    for value in ODD.values():
        yield {name: raw(value) for name in names}


def one_at_a_time(names: Iterable[str]) -> Iterator[dict[str, bytes]]:
    """Each field alone, with one input: with several, a view may stop at the first."""
    for name in sorted(names):
        yield {name: raw(choice(name))}


def text_fields(values: dict[str, Any]) -> list[str]:
    return [name for name, value in values.items() if is_text(name, value)]


def is_text(name: str, value: Any) -> bool:
    value = value if isinstance(value, list) else [value]
    return not name.endswith(NEEDED) and all(isinstance(item, str | int) for item in value)


def choice(name: str) -> str:
    """Always the same input for a name."""
    values = [*ODD.values()]
    return values[crc32(name.encode()) % len(values)]


def raw(text: str) -> bytes:
    """The bytes that a careless program sends: half a character has no form in UTF-8."""
    return text.encode(errors="surrogatepass")


def stream_values(model: type[Any], text: str) -> dict[str, str]:
    """What the editor sends for the stream and rich text fields of a model, full of `text`."""
    found: dict[str, str] = {}
    for field in model._meta.get_fields():
        if isinstance(field, StreamField):
            found |= dict(_block_values(field.stream_block, field.name, text))
        elif isinstance(field, RichTextField):
            found[field.name] = contentstate(text)
    return found


def _block_values(block: Block, prefix: str, text: str) -> Iterator[tuple[str, str]]:
    if isinstance(block, StreamBlock):
        yield f"{prefix}-count", str(len(block.child_blocks))
        for number, (name, child) in enumerate(block.child_blocks.items()):
            yield from _item(f"{prefix}-{number}", number)
            yield f"{prefix}-{number}-type", name
            yield from _block_values(child, f"{prefix}-{number}-value", text)
    elif isinstance(block, ListBlock):
        yield f"{prefix}-count", "1"
        yield from _item(f"{prefix}-0", 0)
        yield from _block_values(block.child_block, f"{prefix}-0-value", text)
    elif isinstance(block, StructBlock):
        for name, child in block.child_blocks.items():
            yield from _block_values(child, f"{prefix}-{name}", text)
    elif isinstance(block, RichTextBlock):
        yield prefix, contentstate(text)
    elif isinstance(block, FieldBlock):
        yield prefix, text


def _item(prefix: str, number: int) -> Iterator[tuple[str, str]]:
    yield f"{prefix}-deleted", ""
    yield f"{prefix}-order", str(number)
    yield f"{prefix}-id", ""


def contentstate(text: str) -> str:
    """A paragraph as the rich text editor sends it."""
    block = {"key": "a", "type": "unstyled", "text": text, "depth": 0}
    return json.dumps(
        {"blocks": [block | {"inlineStyleRanges": [], "entityRanges": []}], "entityMap": {}}
    )
