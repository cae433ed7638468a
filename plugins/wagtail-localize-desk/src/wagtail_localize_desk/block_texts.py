"""All that people read in fields and blocks, where wagtail-localize leaves something out.

The functions take the places of its methods; those with `replaced` get these too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wagtail.blocks import RawHTMLBlock, RichTextBlock, StructBlock
from wagtail.contrib.table_block.blocks import TableBlock
from wagtail.contrib.typed_table_block.blocks import BaseTypedTableBlock
from wagtail.fields import RichTextField
from wagtail.rich_text import RichText
from wagtail_localize.segments import TemplateSegmentValue
from wagtail_localize.segments import ingest as upstream
from wagtail_localize.segments.ingest import organise_template_segments

from wagtail_localize_desk.html_texts import (
    PlacedStringValue,
    extract_raw,
    extract_strings,
    restore_raw,
    restore_strings,
    same_bytes,
)
from wagtail_localize_desk.table_texts import (
    table_segments,
    table_with_texts,
    typed_table_segments,
    typed_table_with_texts,
)

_ingest_segments = upstream.ingest_segments


# Out of blocks


def segments_of_block(
    replaced: Callable[..., list[Any]],
    extractor: Any,
    block_type: Any,
    block_value: Any,
    raw_value: Any = None,
) -> list[Any]:
    """The segments of a block; `raw_value` is its JSON, or that of the item which it is.

    wagtail-localize fails on the value None of an optional block.
    """
    if hasattr(block_type, "get_translatable_segments"):
        return replaced(extractor, block_type, block_value, raw_value=raw_value)
    if block_value is None:
        return []
    if isinstance(block_type, RawHTMLBlock):
        return _segments_of_raw(str(block_value))
    if isinstance(block_type, TableBlock):
        return table_segments(block_value)
    if isinstance(block_type, BaseTypedTableBlock):
        raw = raw_value.get("value", raw_value) if isinstance(raw_value, dict) else None
        return typed_table_segments(
            block_value,
            raw,
            lambda block, value, json: extractor.handle_block(
                block, value, raw_value=_as_item(block, json)
            ),
        )
    return replaced(extractor, block_type, block_value, raw_value=raw_value)


def _segments_of_raw(html: str) -> list[Any]:
    template, found = extract_raw(html)
    if not found:
        return []
    return [
        TemplateSegmentValue("", "html", template, len(found)),
        *(PlacedStringValue("", string, attrs=attrs) for string, attrs in found),
    ]


def segments_of_struct(extractor: Any, struct: Any, raw_value: Any = None) -> list[Any]:
    """The segments of a struct.

    wagtail-localize passes on the JSON of a struct in a struct as if it were that of an item of a
    stream, does not find its members, and leaves out their lists.
    """
    members = raw_value.get("value") if isinstance(raw_value, dict) else None
    if not isinstance(members, dict):
        members = {}
    return [
        segment.wrap(name)
        for name, value in struct.items()
        for segment in extractor.handle_block(
            struct.block.child_blocks[name],
            value,
            raw_value=_as_item(struct.block.child_blocks[name], members.get(name)),
        )
    ]


def _as_item(block: Any, raw: Any) -> Any:
    """The JSON of a block as an item of a stream or list has it, where upstream expects that."""
    return {"type": "item", "value": raw} if isinstance(block, StructBlock) else raw


# Into blocks


def block_with_segments(
    replaced: Callable[..., Any], writer: Any, block_type: Any, block_value: Any, segments: Any
) -> Any:
    """The value of a block with its segments; untranslated HTML is written as it was."""
    if hasattr(block_type, "restore_translated_segments"):
        return replaced(writer, block_type, block_value, segments)
    if isinstance(block_type, RawHTMLBlock):
        _format, template, found = organise_template_segments(segments)
        html = restore_raw(template, found)
        return block_type.to_python(same_bytes(str(block_value), html, extract_raw, restore_raw))
    if isinstance(block_type, TableBlock):
        return table_with_texts(block_value, segments)
    if isinstance(block_type, BaseTypedTableBlock):
        return typed_table_with_texts(block_value, segments, writer.handle_block)
    value = replaced(writer, block_type, block_value, segments)
    if isinstance(block_type, RichTextBlock):
        return RichText(_rich_text(block_value.source, value.source))
    return value


def ingest_segments(
    original: Any, translated: Any, source_locale: Any, target_locale: Any, segments: list[Any]
) -> None:
    """Write segments into an instance; untranslated rich text is written as it was."""
    names = {segment.path.partition(".")[0] for segment in segments}
    # Inline children may be the same objects in both.
    before = {
        field.attname: getattr(original, field.attname)
        for field in type(original)._meta.get_fields()
        if isinstance(field, RichTextField) and field.name in names
    }
    _ingest_segments(original, translated, source_locale, target_locale, segments)
    for name, html in before.items():
        setattr(translated, name, _rich_text(html, getattr(translated, name)))


def _rich_text(original: str, restored: str) -> str:
    return same_bytes(original, restored, extract_strings, restore_strings)
