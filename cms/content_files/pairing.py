"""Matches each translated text with its source text, by keys and never by order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from cms.content_files.content_fields import local_fields
from cms.content_files.plan import Keys, SourceEntry, TranslatedEntry
from cms.content_files.problems import Problems
from cms.content_files.reader import MappingNode, Node, ScalarNode


def pair_entry(
    source: SourceEntry, language: str, node: Node, problems: Problems
) -> TranslatedEntry:
    """The translation of `source` in `node`; missing and surplus texts are `problems`."""
    entry = TranslatedEntry(source, language, node.location)
    if not isinstance(node, MappingNode):
        problems.add(node.location, "Texts are missing here.")
        return entry
    local = local_fields(source.entry_type.model)
    leaves = {}
    for keys, leaf in _leaves(node, ()):
        if len(keys) == 1 and keys[0] in local:
            entry.local_values[keys[0]] = _local_value(local[keys[0]], leaf, problems)
        else:
            leaves[keys] = leaf
    for keys, leaf in leaves.items():
        if keys not in source.texts:
            problems.add(
                leaf.location,
                f"{source.location.file} has no text at {' → '.join(keys)} of {source.key!r}.",
            )
        elif not isinstance(leaf, ScalarNode) or not (leaf.text or "").strip():
            problems.add(leaf.location, "The translation is missing.")
        else:
            entry.texts[keys] = (leaf.text or "", leaf.location)
    for keys, text in source.texts.items():
        if keys not in leaves:
            problems.add(
                _nearest(node, keys).location,
                f"The translation of {' → '.join(keys)} is missing; "
                f"its source is at {text.location}.",
            )
    return entry


def _leaves(node: Node, keys: Keys) -> Iterator[tuple[Keys, Node]]:
    if isinstance(node, MappingNode):
        for key, item in node.items.items():
            yield from _leaves(item, (*keys, key))
    else:
        yield keys, node


def _nearest(node: Node, keys: Keys) -> Node:
    """The innermost existing mapping on the path to `keys`."""
    for key in keys:
        if not isinstance(node, MappingNode) or not isinstance(node.items.get(key), MappingNode):
            break
        node = node.items[key]
    return node


def _local_value(field: models.Field[Any, Any], node: Node, problems: Problems) -> Any:
    if isinstance(field, models.BooleanField):
        if isinstance(node, ScalarNode) and node.text in ("true", "false"):
            return node.text == "true"
        problems.add(node.location, "Write true or false.")
        return None
    text = node.text if isinstance(node, ScalarNode) else None
    try:
        return field.clean(text or "", None)
    except ValidationError as error:
        problems.add_error(node.location, error)
        return None
