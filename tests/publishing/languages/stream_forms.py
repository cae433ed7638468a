"""What the forms of StreamFields send, which a browser makes by scripts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wagtail.blocks import FieldBlock, ListBlock, StreamBlock, StructBlock
from wagtail.fields import StreamField


def stream_values(instance: Any) -> Iterator[tuple[str, str]]:
    """The names and values that the editor of `instance` sends for its StreamFields."""
    for field in instance._meta.get_fields():
        if isinstance(field, StreamField):
            yield from _sent(field.stream_block, getattr(instance, field.name), field.name)


def _sent(block: Any, value: Any, prefix: str) -> Iterator[tuple[str, str]]:
    if isinstance(block, StreamBlock | ListBlock):
        children = list(value if isinstance(block, StreamBlock) else value.bound_blocks)
        yield f"{prefix}-count", str(len(children))
        for order, child in enumerate(children):
            each = f"{prefix}-{order}"
            yield from {
                f"{each}-type": child.block.name,
                f"{each}-id": child.id or "",
                f"{each}-order": str(order),
                f"{each}-deleted": "",
            }.items()
            yield from _sent(child.block, child.value, f"{each}-value")
    elif isinstance(block, StructBlock):
        for name, child in block.child_blocks.items():
            yield from _sent(child, value.get(name), f"{prefix}-{name}")
    else:
        assert isinstance(block, FieldBlock), block
        shown = block.field.widget.format_value(
            block.field.prepare_value(block.value_for_form(value))
        )
        # Choices are lists.
        yield prefix, str((shown[0] if isinstance(shown, list) else shown) or "")
