"""Turns the nodes of a file into the values of a stream's blocks."""

from __future__ import annotations

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from wagtail.blocks import (
    BlockQuoteBlock,
    BooleanBlock,
    CharBlock,
    ChooserBlock,
    FieldBlock,
    ListBlock,
    RichTextBlock,
    StreamBlock,
    StructBlock,
    TextBlock,
)

from cms.content_files.entry_types import identity
from cms.content_files.reader import MappingNode, Node, ScalarNode, SequenceNode
from cms.content_files.value_reader import ValueReader, Where
from cms.pages.blocks.anchor import AnchorBlock
from cms.pages.blocks.table import TableRowsBlock

_TRANSLATED = (CharBlock, TextBlock, BlockQuoteBlock)


class StreamPlanner(ValueReader):
    """Plans the blocks of one entry's streams."""

    def stream(self, stream_block: StreamBlock, node: Node, where: Where) -> list[dict[str, Any]]:
        """The raw data of a stream, from a mapping of names to blocks, each with its `type`."""
        if not isinstance(node, MappingNode):
            self.problems.add(node.location, "Write each block under a key of its own.")
            return []
        stream = []
        for key, item in node.items.items():
            fields = dict(item.items) if isinstance(item, MappingNode) else {}
            type_node = fields.pop("type", None)
            block_type = self.scalar(type_node) if type_node else None
            block = stream_block.child_blocks.get(block_type)
            if block is None:
                types = ", ".join(sorted(stream_block.child_blocks))
                self.problems.add(
                    (type_node or item).location, f"The type of a block must be one of {types}."
                )
                continue
            block_id = self._block_id(where, key)
            inside = where.below(key, block_id)
            value = self.block(block, MappingNode(item.location, fields), inside)
            stream.append({"type": block_type, "id": block_id, "value": value})
        return stream

    def block(self, block: Any, node: Node, where: Where) -> Any:
        """The raw value of one block."""
        if isinstance(block, StructBlock) and isinstance(node, MappingNode):
            return self._struct(block, node, where)
        if isinstance(block, ListBlock):
            return self._list(block, node, where)
        if isinstance(block, RichTextBlock):
            html = self.rich_text(node, where)
            if block.required and not html:
                self.problems.add(node.location, "Text is missing here.")
            return html
        if isinstance(block, ChooserBlock) and hasattr(block, "target_model"):
            return self.reference(node, block.target_model, optional=not block.required)
        is_table = isinstance(block, TableRowsBlock)
        if isinstance(block, FieldBlock) and isinstance(node, ScalarNode) and not is_table:
            return self._value(block, node, where)
        self.problems.add(node.location, f"Content files do not support {type(block).__name__}.")
        return None

    def _struct(self, block: StructBlock, node: MappingNode, where: Where) -> dict[str, Any]:
        values = {}
        for name, item in node.items.items():
            if name in block.child_blocks:
                inside = where.below(name, name)
                values[name] = self.block(block.child_blocks[name], item, inside)
            else:
                known = ", ".join(sorted(block.child_blocks))
                self.problems.add(item.location, f"No field {name!r} here; the fields are {known}.")
        for name, child in block.child_blocks.items():
            if name in values:
                continue
            if isinstance(child, AnchorBlock):
                values[name] = where.keys[-1]
            elif child.required and child.get_default() in (None, ""):
                self.problems.add(node.location, f"{name!r} is missing.")
            else:
                values[name] = _plain(child.get_prep_value(child.get_default()))
        return values

    def _list(self, block: ListBlock, node: Node, where: Where) -> list[dict[str, Any]]:
        if isinstance(block.child_block, ChooserBlock) and isinstance(node, SequenceNode):
            keyed = [(str(self.scalar(item)), item) for item in node.items]
        elif not isinstance(block.child_block, ChooserBlock) and isinstance(node, MappingNode):
            keyed = list(node.items.items())
        else:
            shape = "a list" if isinstance(block.child_block, ChooserBlock) else "values under keys"
            self.problems.add(node.location, f"Write {shape} here.")
            return []
        items = []
        for key, item in keyed:
            item_id = self._block_id(where, key)
            value = self.block(block.child_block, item, where.below(key, item_id))
            items.append({"type": "item", "id": item_id, "value": value})
        return items

    def _value(self, block: FieldBlock, node: ScalarNode, where: Where) -> Any:
        if isinstance(block, BooleanBlock):
            return self.yes_or_no(node, node.text)
        try:
            value = block.clean(node.text or "")
        except ValidationError as error:
            self.problems.add_error(node.location, error)
            return None
        if isinstance(block, _TRANSLATED) and not hasattr(block, "get_translatable_segments"):
            self.text(node, where, value)
        return _plain(block.get_prep_value(value))

    def _block_id(self, where: Where, key: str) -> str:
        return str(identity(self.entry.name, *where.keys, key))


def _plain(value: Any) -> Any:
    return json.loads(json.dumps(value, cls=DjangoJSONEncoder))
