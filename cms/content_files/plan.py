"""The content of the files, ready to be written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder

from cms.content_files.entry_types import EntryType, identity
from cms.content_files.problems import FileLocation

#: Keys in a file from an entry's own fields down to one text: ("sections", "visi", "heading").
Keys = tuple[str, ...]


@dataclass(frozen=True)
class EntryReference:
    """A value that refers to another entry, such as `acts/akta-4`."""

    target: str
    location: FileLocation


@dataclass(frozen=True)
class SourceText:
    """One text of the source: its content path in wagtail-localize and its words."""

    content_path: str
    words: str
    location: FileLocation


@dataclass(frozen=True)
class InlineChild:
    """An inline child: its identity and its values."""

    translation_key: UUID
    values: dict[str, Any]


@dataclass(eq=False)
class SourceEntry:
    """A page or snippet in the source language."""

    entry_type: EntryType
    key: str
    location: FileLocation
    values: dict[str, Any] = field(default_factory=dict)
    children: dict[str, list[InlineChild]] = field(default_factory=dict)
    parent: EntryReference | None = None
    texts: dict[Keys, SourceText] = field(default_factory=dict)
    locations: dict[str, FileLocation] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Name of the entry among all entries, such as `acts/akta-4`."""
        return f"{self.entry_type.name}/{self.key}"

    @property
    def translation_key(self) -> UUID:
        return identity(self.name)

    def location_of(self, field_name: str) -> FileLocation:
        """The location of a field, or of the entry if the file leaves the field out."""
        return self.locations.get(field_name, self.location)

    def references(self) -> Iterator[EntryReference]:
        """Every reference in the entry."""
        if self.parent is not None:
            yield self.parent
        yield from references_in(self.values)
        for siblings in self.children.values():
            for child in siblings:
                yield from references_in(child.values)

    def digest(self) -> str:
        """Changes exactly when the file's content changes."""
        children = {
            name: [{"id": child.translation_key, **child.values} for child in siblings]
            for name, siblings in self.children.items()
        }
        return digest({"values": self.values, "children": children, "parent": self.parent})


@dataclass(eq=False)
class TranslatedEntry:
    """A translation of an entry: one text for each text of the source."""

    source: SourceEntry
    language: str
    location: FileLocation
    texts: dict[Keys, tuple[str, FileLocation]] = field(default_factory=dict)
    #: Values of fields that are local to a language.
    local_values: dict[str, Any] = field(default_factory=dict)

    def digest(self) -> str:
        """Changes when the content of this file or of the source's changes."""
        texts = {"/".join(keys): words for keys, (words, _place) in self.texts.items()}
        return digest({"source": self.source.digest(), "texts": texts, "local": self.local_values})


def references_in(value: Any) -> Iterator[EntryReference]:
    """The references inside a value of a field or block."""
    if isinstance(value, EntryReference):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from references_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from references_in(item)


def resolved(value: Any, primary_key: Callable[[EntryReference], Any]) -> Any:
    """`value` with every reference replaced by the primary key of its target."""
    if isinstance(value, EntryReference):
        return primary_key(value)
    if isinstance(value, dict):
        return {name: resolved(item, primary_key) for name, item in value.items()}
    if isinstance(value, list):
        return [resolved(item, primary_key) for item in value]
    return value


def digest(value: Any) -> str:
    """The digest of a value made of plain data and references."""
    plain = resolved(value, lambda reference: reference.target)
    canonical = json.dumps(plain, sort_keys=True, cls=DjangoJSONEncoder)
    return hashlib.sha256(canonical.encode()).hexdigest()
