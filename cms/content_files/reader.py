"""Parses YAML files into nodes that know their line."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import yaml

from cms.content_files.problems import FileLocation, Problems


@dataclass(frozen=True)
class ScalarNode:
    """A text; None if nothing follows the colon."""

    location: FileLocation
    text: str | None


@dataclass(frozen=True)
class SequenceNode:
    """Values in order."""

    location: FileLocation
    items: list[Node] = field(default_factory=list)


@dataclass(frozen=True)
class MappingNode:
    """Values under keys, in order."""

    location: FileLocation
    items: dict[str, Node] = field(default_factory=dict)


Node = ScalarNode | SequenceNode | MappingNode


def read_file(path: Path, name: str, problems: Problems) -> MappingNode:
    """The entries of the file at `path`, called `name` in messages; empty if it is malformed."""
    start = FileLocation(name, 1)
    try:
        text = path.read_bytes().decode("utf-8")
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            if getattr(event, "anchor", None) or getattr(event, "tag", None):
                mark = event.start_mark
                line = mark.line + 1 if mark else 1
                problems.add(FileLocation(name, line), "Anchors, aliases and tags are not allowed.")
                return MappingNode(start)
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        problems.add(FileLocation(name, line), "The file is not encoded in UTF-8.")
    except yaml.MarkedYAMLError as error:
        # An unclosed construct is reported where it opens, not at the end of the file.
        unclosed = error.context_mark and "end of stream" in (error.problem or "")
        mark = error.context_mark if unclosed else error.problem_mark or error.context_mark
        reason = ", ".join(part for part in (error.context, error.problem) if part)
        problems.add(FileLocation(name, mark.line + 1 if mark else 1), f"Not YAML: {reason}.")
    except yaml.reader.ReaderError as error:
        line = text[: error.position].count("\n") + 1
        problems.add(FileLocation(name, line), f"The character {error.character!r} is not allowed.")
    else:
        if root is None:
            return MappingNode(start)
        node = _node(root, start, problems)
        if isinstance(node, MappingNode):
            return node
        problems.add(start, "A content file must have entries under keys.")
    return MappingNode(start)


def _node(found: yaml.Node, location: FileLocation, problems: Problems) -> Node:
    if isinstance(found, yaml.MappingNode):
        items: dict[str, Node] = {}
        for key, value in found.value:
            at = FileLocation(location.file, key.start_mark.line + 1)
            if not isinstance(key, yaml.ScalarNode) or not key.value:
                problems.add(at, "A key must be a word.")
            elif key.value in items:
                problems.add(at, f"Duplicate key {key.value!r}.")
            else:
                items[key.value] = _node(value, at, problems)
        return MappingNode(location, items)
    if isinstance(found, yaml.SequenceNode):
        return SequenceNode(
            location,
            [
                _node(item, FileLocation(location.file, item.start_mark.line + 1), problems)
                for item in found.value
            ],
        )
    is_empty = found.value == "" and getattr(found, "style", None) is None
    if any(character < " " and character != "\n" for character in found.value):
        problems.add(location, "This text contains a control character.")
    return ScalarNode(location, None if is_empty else found.value)
