"""How a value becomes JSON, and what the API says of it: one object answers both.

A `Representation` carries the Python type that Pydantic makes the OpenAPI schema of, and encodes a
value into JSON of that type, so that documents and their description cannot drift apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.db import DatabaseError, models
from django.utils.functional import Promise
from pydantic import BaseModel, ConfigDict
from wagtail.models import CollectionMember, CollectionViewRestriction

from wagtail_delivery.content.dependency_keys import address_key, key_of, membership_key, table_key
from wagtail_delivery.content.snapshot import SiteSnapshot
from wagtail_delivery.content.text_provenance import differing_texts, variants_without
from wagtail_delivery.content.titles import is_title_untranslated
from wagtail_delivery.content.translation_status import NOTHING_MISSING, TranslationStatus

Json = Any  # what json.dumps takes; a recursive alias would cost more casts than it finds errors


class Schema(BaseModel):
    """Base of every type that the API describes."""

    model_config = ConfigDict(extra="forbid")


@dataclass(frozen=True)
class Location:
    """Where a value stands: in the document (JSON pointer) and in its source (content path).

    The content path is wagtail-localize's: field names, block ids and translation keys of inline
    children joined by dots ("sections.4f0c….heading"). It is empty where no text is translated.
    """

    pointer: str = ""
    content: str = ""

    def member(self, name: str | int, *content: str) -> Location:
        """The place of a part: `name` in the JSON, `content` below this place's content path."""
        step = str(name).replace("~", "~0").replace("/", "~1")
        path = ".".join(part for part in (self.content, *content) if part)
        return Location(f"{self.pointer}/{step}", path)


class EncodingError(ValueError):
    """What stands at `place` cannot be told in JSON of the type that the API promises for it."""

    def __init__(self, location: Location, reason: str | Promise) -> None:
        super().__init__(reason)
        self.pointer = location.pointer
        self.reason = reason
        #: That of which a document was to be made.
        self.thing: models.Model | None = None

    def __str__(self) -> str:
        # Not as the thing calls itself: that may be what fails.
        of = f" of {self.thing._meta.label_lower}:{self.thing.pk}" if self.thing else ""
        return f"{self.pointer or 'the document'}{of}: {self.reason}"


@contextmanager
def compiling_document_of(thing: models.Model) -> Iterator[None]:
    """While the document of `thing` is made: an error of the content's tells of what it is."""
    try:
        with located(Location()):
            yield
    except EncodingError as error:
        error.thing = thing
        raise


@contextmanager
def located(location: Location) -> Iterator[None]:
    """While what stands at `place` is read and encoded: an error of the content's tells where.

    An error of the database is none of the content's.
    """
    try:
        yield
    except (EncodingError, DatabaseError):
        raise
    except Exception as error:
        raise EncodingError(location, f"{type(error).__name__}: {error}") from error


@dataclass
class Compilation:
    """One document in the making: for whom it is made, and what it turned out to be made of."""

    snapshot: SiteSnapshot
    #: Language code of the document; "" for what has no locale.
    locale: str
    #: Keys of all that was read; see `dependency_keys`.
    dependencies: set[str] = field(default_factory=set)
    #: JSON pointers of the texts that are not in the document's language, each with its own.
    languages: dict[str, str] = field(default_factory=dict)
    #: Site that the document belongs to, as host:port; "" for what belongs to none.
    site: str = ""
    #: How far that which is read now is translated.
    status: TranslationStatus = NOTHING_MISSING
    #: Whether anything is shown that could be translated and is not.
    shows_untranslated: bool = False
    #: Whether queries count as reads of code that runs; see `observation`.
    is_tracking: bool = True

    @property
    def untranslated(self) -> list[str]:
        """JSON pointers of the texts that are not in the document's language."""
        return list(self.languages)

    def depends_on(self, instance: models.Model) -> None:
        """Record that `instance`, in any of its locales, was read.

        With it all that decides on its publicity: rows tell of their own, private collections not.
        """
        self.dependencies.add(key_of(instance))
        if isinstance(instance, CollectionMember):
            self.depends_on_table(CollectionViewRestriction)

    def depends_on_address(self, instance: models.Model) -> None:
        """Record that the title, address or publicity of `instance` was read, and nothing else."""
        self.dependencies.add(address_key(key_of(instance)))

    def depends_on_members(
        self, model: type[models.Model], field_name: str, owner: models.Model
    ) -> None:
        """Record that the rows of `model` whose `field_name` points at `owner` were read."""
        self.dependencies.add(membership_key(model, field_name, key_of(owner)))

    def depends_on_table(self, model: type[models.Model]) -> None:
        """Record that any row of `model` may have been read."""
        self.dependencies.add(table_key(model))

    def mark_text(self, location: Location) -> None:
        """Tell that text stands at `place`: if it is not translated, its pointer is kept."""
        if location.content and location.content in self.status.untranslated:
            self.mark_untranslated(location)

    def mark_title(self, location: Location, instance: models.Model) -> None:
        """Tell that the title of `instance` stands at `place`, which may be made of any texts."""
        if is_title_untranslated(instance, self.status):
            self.mark_untranslated(location)

    def mark_language(self, location: Location, language: str) -> None:
        """Tell that text in `language` stands at `place`: kept if that is not the document's."""
        if self.is_foreign(language):
            self.languages[location.pointer] = language

    def mark_untranslated(self, location: Location) -> None:
        """Tell that what stands at `place` is in the language of the source of what is read."""
        self.mark_language(location, self.status.source_locale)
        self.record_language(self.status.source_locale)

    def record_language(self, language: str) -> None:
        """Tell that a text that could be translated is shown in `language`."""
        self.shows_untranslated = self.shows_untranslated or self.is_foreign(language)

    def is_foreign(self, language: str) -> bool:
        """Whether `language` is another than the document's, as far as both are known."""
        return bool(self.locale and language and language != self.locale)

    def language_at(self, location: Location) -> str:
        """The language in which text at `place` is told to be."""
        return self.languages.get(location.pointer, self.locale)

    def mark_computed(
        self, location: Location, made: Json, make: Callable[[Any], Json], value: Any
    ) -> None:
        """Tell that at `place` stands `made`, which code makes of `value`.

        Of a thing it may take any text; of a block's value those that are in it.
        """
        content = location.content
        if isinstance(value, models.Model):
            content = content.rpartition(".")[0]
        elif not content:
            return
        paths = _paths_within(content, self.status.untranslated)
        for other in variants_without(make, value, paths):
            for pointer in differing_texts(made, other, location.pointer):
                self.mark_untranslated(Location(pointer))

    @contextmanager
    def reading(self, instance: models.Model) -> Iterator[None]:
        """While `instance` is encoded: which of its texts are translated counts."""
        before, self.status = self.status, self.snapshot.translation_status(instance)
        try:
            yield
        finally:
            self.status = before


def _paths_within(content: str, paths: frozenset[str]) -> frozenset[str]:
    """Those of `paths` that begin with the content path `content`, without that."""
    if not content:
        return paths
    return frozenset(
        path[len(content) :].removeprefix(".")
        for path in paths
        if path == content or path.startswith(f"{content}.")
    )


class Encoder:
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

    def encode(self, value: Any, location: Location, compilation: Compilation) -> Json:
        """`value` as JSON of type `annotation`.

        Notes in `compilation` whatever else it reads, and tells it of text (`text_at`).
        """
        raise NotImplementedError
