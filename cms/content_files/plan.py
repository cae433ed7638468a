"""What the files say, ready to be written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder

from cms.content_files.kinds import Kind, identity
from cms.content_files.problems import Place

#: Keys in a file from an entry's own fields down to one text: ("sections", "visi", "heading").
Keys = tuple[str, ...]


@dataclass(frozen=True)
class Reference:
    """A value that is another entry, such as `acts/akta-4`."""

    target: str
    place: Place


@dataclass(frozen=True)
class Text:
    """One text of the source: where wagtail-localize knows it, and its words."""

    content_path: str
    words: str
    place: Place


@dataclass(frozen=True)
class Child:
    """An inline child: its identity and its values."""

    translation_key: UUID
    values: dict[str, Any]


@dataclass(eq=False)
class Entry:
    """A page or snippet in the source language."""

    kind: Kind
    key: str
    place: Place
    values: dict[str, Any] = field(default_factory=dict)
    children: dict[str, list[Child]] = field(default_factory=dict)
    parent: Reference | None = None
    texts: dict[Keys, Text] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Name of the entry among all entries, such as `acts/akta-4`."""
        return f"{self.kind.name}/{self.key}"

    @property
    def translation_key(self) -> UUID:
        return identity(self.name)

    def place_of(self, field_name: str) -> Place:
        """Where a field of the entry stands, or the entry where it does not."""
        return self.places.get(field_name, self.place)

    def references(self) -> Iterator[Reference]:
        """Every reference that the entry holds."""
        if self.parent is not None:
            yield self.parent
        yield from references_in(self.values)
        for siblings in self.children.values():
            for child in siblings:
                yield from references_in(child.values)

    def digest(self) -> str:
        """Changes exactly when the file says something else."""
        children = {
            name: [{"id": child.translation_key, **child.values} for child in siblings]
            for name, siblings in self.children.items()
        }
        return digest({"values": self.values, "children": children, "parent": self.parent})


@dataclass(eq=False)
class TranslatedEntry:
    """An entry in another language: a text for every text of the source."""

    source: Entry
    language: str
    place: Place
    texts: dict[Keys, tuple[str, Place]] = field(default_factory=dict)
    #: Values that each language has for itself.
    local_values: dict[str, Any] = field(default_factory=dict)

    def digest(self) -> str:
        """Changes when this file or the source's says something else."""
        texts = {"/".join(keys): words for keys, (words, _place) in self.texts.items()}
        return digest({"source": self.source.digest(), "texts": texts, "local": self.local_values})


def references_in(value: Any) -> Iterator[Reference]:
    """The references inside a value of a field or block."""
    if isinstance(value, Reference):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from references_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from references_in(item)


def resolved(value: Any, primary_key: Callable[[Reference], Any]) -> Any:
    """`value` with every reference replaced by the primary key of its target."""
    if isinstance(value, Reference):
        return primary_key(value)
    if isinstance(value, dict):
        return {name: resolved(item, primary_key) for name, item in value.items()}
    if isinstance(value, list):
        return [resolved(item, primary_key) for item in value]
    return value


def digest(value: Any) -> str:
    """A digest of a value made of plain data and references."""
    plain = resolved(value, lambda reference: reference.target)
    canonical = json.dumps(plain, sort_keys=True, cls=DjangoJSONEncoder)
    return hashlib.sha256(canonical.encode()).hexdigest()
