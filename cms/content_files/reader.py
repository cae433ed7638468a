"""YAML files as nodes that know their line."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import yaml

from cms.content_files.problems import Place, Problems


@dataclass(frozen=True)
class Scalar:
    """A text; None where nothing stands after the colon."""

    place: Place
    text: str | None


@dataclass(frozen=True)
class Sequence:
    """Values in order."""

    place: Place
    items: list[Node] = field(default_factory=list)


@dataclass(frozen=True)
class Mapping:
    """Values under keys, in order."""

    place: Place
    items: dict[str, Node] = field(default_factory=dict)


Node = Scalar | Sequence | Mapping


def read_file(path: Path, name: str, problems: Problems) -> Mapping:
    """The entries of the file at `path`, called `name` in messages; none where it is malformed."""
    start = Place(name, 1)
    try:
        text = path.read_bytes().decode("utf-8")
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            if getattr(event, "anchor", None) or getattr(event, "tag", None):
                mark = event.start_mark
                line = mark.line + 1 if mark else 1
                problems.add(Place(name, line), "Anchors, aliases and tags have no use here.")
                return Mapping(start)
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        problems.add(Place(name, line), "The file is not in UTF-8.")
    except yaml.MarkedYAMLError as error:
        # What is not closed is told where it was opened, and not at the end of the file.
        unclosed = error.context_mark and "end of stream" in (error.problem or "")
        mark = error.context_mark if unclosed else error.problem_mark or error.context_mark
        reason = ", ".join(part for part in (error.context, error.problem) if part)
        problems.add(Place(name, mark.line + 1 if mark else 1), f"Not YAML: {reason}.")
    except yaml.reader.ReaderError as error:
        line = text[: error.position].count("\n") + 1
        problems.add(Place(name, line), f"A character that must not be here: {error.character!r}.")
    else:
        if root is None:
            return Mapping(start)
        node = _node(root, start, problems)
        if isinstance(node, Mapping):
            return node
        problems.add(start, "A content file holds entries under keys.")
    return Mapping(start)


def _node(found: yaml.Node, place: Place, problems: Problems) -> Node:
    if isinstance(found, yaml.MappingNode):
        items: dict[str, Node] = {}
        for key, value in found.value:
            at = Place(place.file, key.start_mark.line + 1)
            if not isinstance(key, yaml.ScalarNode) or not key.value:
                problems.add(at, "A key is a word.")
            elif key.value in items:
                problems.add(at, f"The key {key.value!r} stands here twice.")
            else:
                items[key.value] = _node(value, at, problems)
        return Mapping(place, items)
    if isinstance(found, yaml.SequenceNode):
        return Sequence(
            place,
            [
                _node(item, Place(place.file, item.start_mark.line + 1), problems)
                for item in found.value
            ],
        )
    is_empty = found.value == "" and getattr(found, "style", None) is None
    if any(character < " " and character != "\n" for character in found.value):
        problems.add(place, "A control character stands in this text.")
    return Scalar(place, None if is_empty else found.value)
