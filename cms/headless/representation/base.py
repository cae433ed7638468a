"""How a value becomes JSON, and what the API says of it: one object answers both.

A `Representation` carries the Python type that Pydantic makes the OpenAPI schema of, and encodes a
value into JSON of that type, so that documents and their description cannot drift apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.db import models
from pydantic import BaseModel, ConfigDict

from cms.headless.dependency_keys import key_of, membership_key, place_key, table_key
from cms.headless.surroundings import Surroundings

Json = Any  # what json.dumps takes; a recursive alias would cost more casts than it finds errors


class Schema(BaseModel):
    """Base of every type that the API describes."""

    model_config = ConfigDict(extra="forbid")


@dataclass(frozen=True)
class Place:
    """Where a value stands: in the document (JSON pointer) and in its source (content path).

    The content path is wagtail-localize's: field names, block ids and translation keys of inline
    children joined by dots ("sections.4f0c….heading"). It is empty where no text is translated.
    """

    pointer: str = ""
    content: str = ""

    def member(self, name: str | int, *content: str) -> Place:
        """The place of a part: `name` in the JSON, `content` below this place's content path."""
        step = str(name).replace("~", "~0").replace("/", "~1")
        path = ".".join(part for part in (self.content, *content) if part)
        return Place(f"{self.pointer}/{step}", path)


@dataclass
class Compilation:
    """One document in the making: for whom it is made, and what it turned out to be made of."""

    surroundings: Surroundings
    #: Language code of the document; "" for what has no locale.
    locale: str
    #: Keys of all that was read; see `dependency_keys`.
    notes: set[str] = field(default_factory=set)
    #: JSON pointers of the parts that are still in the source language.
    untranslated: list[str] = field(default_factory=list)
    #: Site that the document belongs to, as host:port; "" for what belongs to none.
    site: str = ""
    _missing: frozenset[str] = frozenset()

    def note(self, instance: models.Model) -> None:
        """Record that `instance`, in any of its locales, was read."""
        self.notes.add(key_of(instance))

    def note_place(self, instance: models.Model) -> None:
        """Record that the title, address or publicity of `instance` was read, and nothing else."""
        self.notes.add(place_key(key_of(instance)))

    def note_members(self, model: type[models.Model], field_name: str, owner: models.Model) -> None:
        """Record that the rows of `model` whose `field_name` points at `owner` were read."""
        self.notes.add(membership_key(model, field_name, key_of(owner)))

    def note_table(self, model: type[models.Model]) -> None:
        """Record that any row of `model` may have been read."""
        self.notes.add(table_key(model))

    def text_at(self, place: Place) -> None:
        """Tell that text stands at `place`: if it is not translated, its pointer is kept."""
        if place.content and place.content in self._missing:
            self.untranslated.append(place.pointer)

    @contextmanager
    def reading(self, missing: frozenset[str]) -> Iterator[None]:
        """While a thing is encoded, `missing` are its content paths that are not translated."""
        before, self._missing = self._missing, missing
        try:
            yield
        finally:
            self._missing = before


class Representation:
    """The type of a value in the API, and how to encode it."""

    #: Whether the value stands for other content, which a card may not hold (one level deep).
    relational: ClassVar[bool] = False

    def __init__(self, annotation: Any, *, untyped: str = "") -> None:
        #: A Python type, as Pydantic takes it in a model.
        self.annotation = annotation
        #: Where the type could not be found out: the remedy, for a developer.
        self.untyped = untyped
        #: What its values mean, for the description of whatever has it.
        self.explanation = ""

    def encode(self, value: Any, place: Place, compilation: Compilation) -> Json:
        """`value` as JSON of type `annotation`.

        Notes in `compilation` whatever else it reads, and tells it of text (`text_at`).
        """
        raise NotImplementedError
