"""Encoders: each one both encodes a value as JSON and describes that JSON's type.

An `Encoder` carries the Python type from which Pydantic generates the OpenAPI schema, and encodes a
value into JSON of that type, so documents and their description cannot drift apart.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple

from django.db import DatabaseError, models
from django.utils.functional import Promise
from pydantic import BaseModel
from wagtail.models import CollectionMember, CollectionViewRestriction, Page, TranslatableMixin

from wagtail_delivery.content.dependency_keys import (
    address_key,
    children_key,
    key_of,
    membership_key,
    order_key,
    table_key,
)
from wagtail_delivery.content.observed_queries import are_observed
from wagtail_delivery.content.snapshot import SiteSnapshot
from wagtail_delivery.content.text_provenance import differing_texts, variants_without
from wagtail_delivery.content.titles import is_title_of, untranslated_title_language
from wagtail_delivery.content.translation_status import (
    NOTHING_MISSING,
    TranslationStatus,
    UntranslatedParts,
)
from wagtail_delivery.content.watched_instances import are_watched

Json = Any  # any value for json.dumps; a recursive alias would need more casts than it finds errors


class Schema(BaseModel):
    """Base class of every type in the API's description.

    Types are open: a client must accept members that it does not know.
    """


class Location(NamedTuple):
    """The location of a value: in the document (JSON pointer) and in its source (content path).

    The content path is wagtail-localize's: field names, block ids and translation keys of inline
    children joined by dots ("sections.4f0c….heading"). It is empty where no text is translated.
    """

    pointer: str = ""
    content_path: str = ""

    def member(self, name: str | int, *steps: str) -> Location:
        """The location of a part: `name` in the JSON, `steps` further down the content path."""
        step = str(name)
        if "~" in step or "/" in step:
            step = step.replace("~", "~0").replace("/", "~1")
        path = self.content_path
        for part in steps:
            if part:
                path = f"{path}.{part}" if path else part
        return Location(f"{self.pointer}/{step}", path)


class EncodingError(ValueError):
    """The value at `location` cannot be encoded as the type that the API promises."""

    def __init__(self, location: Location, reason: str | Promise) -> None:
        super().__init__(reason)
        self.pointer = location.pointer
        self.reason = reason
        #: The instance whose document failed to compile.
        self.instance: models.Model | None = None

    def __str__(self) -> str:
        # Not `str(self.instance)`: that may be the code that fails.
        source = self.instance
        of = f" of {source._meta.label_lower}:{source.pk}" if source else ""
        return f"{self.pointer or 'the document'}{of}: {self.reason}"


@contextmanager
def compiling_document_of(instance: models.Model) -> Iterator[None]:
    """Raise content errors within this block as EncodingErrors that name `instance`."""
    try:
        with located(Location()):
            yield
    except EncodingError as error:
        error.instance = instance
        raise


class located:  # noqa: N801 - used as a function
    """A block that raises content errors within it as EncodingErrors at `location`.

    Database errors are not content errors: they pass unchanged.
    """

    __slots__ = ("location",)

    def __init__(self, location: Location) -> None:
        self.location = location

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, _: object) -> None:
        if error is None or isinstance(error, DatabaseError) or not isinstance(error, Exception):
            return
        if isinstance(error, EncodingError):
            error.pointer = error.pointer or self.location.pointer
            return
        raise EncodingError(self.location, f"{type(error).__name__}: {error}") from error


#: What a compilation records of the texts of its document, by pointer.
RECORDED = ("languages", "lines", "line_languages", "stale", "texts")


@dataclass
class Compilation:
    """The state of one document's compilation: its locale and site, and its dependencies so far."""

    snapshot: SiteSnapshot
    #: Language code of the document; "" without a locale.
    locale: str
    #: Keys of everything that was read; see `dependency_keys`.
    dependencies: set[str] = field(default_factory=set)
    #: Names of the stored files whose addresses the document shows.
    files: set[str] = field(default_factory=set)
    #: Languages of the texts that are not in the document's language, by JSON pointer.
    languages: dict[str, str] = field(default_factory=dict)
    #: The lines that are not in it, by pointer, of the rich texts that are translated in part.
    lines: dict[str, list[int]] = field(default_factory=dict)
    #: The languages of these lines, in their order, if they are in several.
    line_languages: dict[str, list[str]] = field(default_factory=dict)
    #: JSON pointers of the texts whose source has changed since they were translated, in order.
    stale: dict[str, None] = field(default_factory=dict)
    #: Site that the document belongs to, as host:port; "" without one.
    site: str = ""
    #: Translation status of the instance that is being encoded.
    status: TranslationStatus = NOTHING_MISSING
    #: Language of the instance that is being encoded; "" if it has none, or it is the document's.
    shown_language: str = ""
    #: Whether the document shows any translatable text that is not translated.
    has_untranslated_text: bool = False
    #: Locale of content to show where there is none in the document's; "" to leave it out.
    fallback: str = ""
    #: Locales in which there is content that this document leaves out.
    left_out_in: set[str] = field(default_factory=set)
    #: Whether queries are recorded as dependencies; see `query_tracking`.
    is_tracking: bool = True
    #: The document's own texts, without those of cards and other content: their content paths by
    #: JSON pointer, in the order in which they are read.
    texts: dict[str, str] = field(default_factory=dict)
    #: How many instances are being encoded, one within the other.
    depth: int = 0
    #: What is being encoded, one within the other: what they show is looked up together.
    near: list[Any] = field(default_factory=list)

    @property
    def untranslated(self) -> list[str]:
        """JSON pointers of the texts that are not in the document's language."""
        return list(self.languages)

    def depends_on(self, instance: models.Model) -> None:
        """Record that `instance`, in any of its locales, was read.

        That includes its visibility: a change of the row has this key, but a change of a
        collection's restrictions does not, so their table becomes a dependency too.
        """
        self.dependencies.add(key_of(instance))
        if isinstance(instance, CollectionMember):
            self.depends_on_table(CollectionViewRestriction)

    def depends_on_address(self, instance: models.Model) -> None:
        """Record that only the title, address or visibility of `instance` was read."""
        self.dependencies.add(address_key(key_of(instance)))

    def depends_on_members(
        self, model: type[models.Model], field_name: str, owner: models.Model
    ) -> None:
        """Record that the rows of `model` whose `field_name` points at `owner` were read."""
        self.dependencies.add(membership_key(model, field_name, key_of(owner)))

    def depends_on_table(self, model: type[models.Model]) -> None:
        """Record that any row of `model` may have been read."""
        self.dependencies.add(table_key(model))

    def depends_on_order(self) -> None:
        """Record that the places of pages in their trees were read."""
        self.dependencies.add(order_key())

    def depends_on_children(self, page: Page) -> None:
        """Record that it was read whether `page` has children."""
        self.dependencies.add(children_key(key_of(page)))

    def shows_file(self, name: str) -> None:
        """Record that the document shows the address of the stored file `name`."""
        self.files.add(name)

    def counterpart(self, instance: models.Model) -> models.Model | None:
        """The public counterpart of `instance` in the document's locale, or else in the fallback.

        Records where there is one if there is neither.
        """
        found = self.snapshot.public_counterpart(instance, self.locale)
        if found is None and self.fallback:
            found = self.snapshot.public_counterpart(instance, self.fallback)
        if found is None and self.locale and isinstance(instance, TranslatableMixin):
            self.leave_out(self.snapshot.public_counterparts(instance))
        return found

    def leave_out(self, instances: Iterable[models.Model]) -> None:
        """Record that the document leaves out these public `instances`, for their locales."""
        self.left_out_in.update(map(self.snapshot.language_of, instances))

    def shows_text(self, location: Location) -> None:
        """Record text at `location` that is the same in every language, such as a number."""
        if self.depth == 1:
            self.texts[location.pointer] = location.content_path

    def mark_text(self, location: Location) -> None:
        """Record text at `location`: its pointer is kept if it is untranslated or stale."""
        self.shows_text(location)
        if location.content_path and location.content_path in self.status.stale:
            self.stale[location.pointer] = None
        if location.content_path and location.content_path in self.status.untranslated:
            self.mark_read(location, self.status.untranslated_language(location.content_path))
        elif self.shown_language:
            self._mark_shown(location)

    def untranslated_parts(self, location: Location) -> UntranslatedParts | None:
        """The parts of the rich text at `location` that are not translated, if others are."""
        is_marked = location.pointer in self.languages
        return self.status.untranslated_parts.get(location.content_path) if is_marked else None

    def mark_lines(self, location: Location, languages: Mapping[int, str]) -> None:
        """Record that only these lines of the text at `location` are in other languages."""
        self.lines[location.pointer] = list(languages)
        if len({*languages.values()}) > 1:
            self.line_languages[location.pointer] = list(languages.values())

    def mark_title(self, location: Location, instance: models.Model) -> None:
        """Record the title of `instance`, which may come from any of its texts, at `location`."""
        self.shows_text(location)
        if is_title_of(instance, self.status.stale):
            self.stale[location.pointer] = None
        if language := untranslated_title_language(instance, self.status):
            self.mark_read(location, language)
        elif self.shown_language:
            self._mark_shown(location)

    def _mark_shown(self, location: Location) -> None:
        """Record text at `location` in the language of the current instance, a fallback."""
        self.mark_read(location, self.shown_language)

    def mark_read(self, location: Location, language: str) -> None:
        """Record translatable text in `language` at `location`."""
        self.mark_language(location, language)
        self.record_shown_language(language)

    def mark_language(self, location: Location, language: str) -> None:
        """Record text in `language` at `location`; kept if it is not the document's language."""
        if self.is_foreign(language):
            self.languages[location.pointer] = language

    def record_shown_language(self, language: str) -> None:
        """Record that translatable text is shown in `language`."""
        self.has_untranslated_text = self.has_untranslated_text or self.is_foreign(language)

    def is_foreign(self, language: str) -> bool:
        """Whether `language` differs from the document's; False if either is unknown."""
        return bool(self.locale and language and language != self.locale)

    def language_at(self, location: Location) -> str:
        """The recorded language of the text at `location`."""
        return self.languages.get(location.pointer, self.locale)

    def mark_computed(
        self, location: Location, encoded: Json, make: Callable[[Any], Json], value: Any
    ) -> None:
        """Record that code computed `encoded`, at `location`, from `value`.

        Code may use any text of an instance, but of a block's value only the texts within it.
        """
        if self.shown_language:
            for pointer in differing_texts(encoded, None, location.pointer):
                self._mark_shown(Location(pointer))
        content_path = location.content_path
        if isinstance(value, models.Model):
            content_path = content_path.rpartition(".")[0]
        elif not content_path:
            return
        for language, untranslated in self.status.untranslated_by_language().items():
            paths = _paths_within(content_path, untranslated)
            for other in variants_without(make, value, paths):
                for pointer in differing_texts(encoded, other, location.pointer):
                    self.mark_read(Location(pointer), language)
        paths = _paths_within(content_path, self.status.stale)
        for other in variants_without(make, value, paths):
            for pointer in differing_texts(encoded, other, location.pointer):
                self.stale[pointer] = None

    def once(self, key: Hashable, read: Callable[[Compilation], Any]) -> Any:
        """What `read` returns, which is called once for a `key` among the documents of a batch.

        It is given a compilation of this locale, and may record dependencies in it and nothing
        else. They become dependencies of each document. Where somebody is told what is read, it is
        called each time.
        """
        if not self.is_tracking or are_observed() or are_watched():
            return read(self)
        known = self.snapshot.results
        place = (key, self.locale)
        if place not in known:
            apart = Compilation(self.snapshot, self.locale)
            known[place] = read(apart), frozenset(apart.dependencies)
        found, dependencies = known[place]
        self.dependencies |= dependencies
        return found

    @contextmanager
    def tentative(self) -> Iterator[Callable[[], None]]:
        """Forget the texts recorded in this block unless the function it yields was called.

        Dependencies are kept: what was left out today may be shown tomorrow.
        """
        before = {name: getattr(self, name) for name in RECORDED}
        shown_before = self.has_untranslated_text
        for name in RECORDED:
            setattr(self, name, {})
        is_kept = False

        def keep() -> None:
            nonlocal is_kept
            is_kept = True

        try:
            yield keep
        finally:
            for name, recorded in before.items():
                if is_kept:
                    recorded.update(getattr(self, name))
                setattr(self, name, recorded)
            if not is_kept:
                self.has_untranslated_text = shown_before

    def among(self, values: Any) -> _Among:
        """Within this block `values` are encoded, or a part of them."""
        return _Among(self, values)

    def reading(self, instance: models.Model) -> _Reading:
        """Use the translation status and the language of `instance` within this block."""
        return _Reading(self, instance)


class _Among:
    """A block in which values are encoded. Made so often that a generator would be felt."""

    __slots__ = ("compilation", "values")

    def __init__(self, compilation: Compilation, values: Any) -> None:
        self.compilation, self.values = compilation, values

    def __enter__(self) -> None:
        self.compilation.near.append(self.values)

    def __exit__(self, *_: object) -> None:
        self.compilation.near.pop()


class _Reading(_Among):
    """A block in which an instance is encoded."""

    __slots__ = ("before",)

    def __enter__(self) -> None:
        compilation, instance = self.compilation, self.values
        status = compilation.snapshot.translation_status(instance, compilation.near)
        language = compilation.snapshot.language_of(instance)
        self.before = compilation.status, compilation.shown_language
        compilation.status = status
        compilation.shown_language = language if compilation.is_foreign(language) else ""
        compilation.depth += 1
        super().__enter__()

    def __exit__(self, *_: object) -> None:
        super().__exit__()
        self.compilation.depth -= 1
        self.compilation.status, self.compilation.shown_language = self.before


def _paths_within(content_path: str, paths: frozenset[str]) -> frozenset[str]:
    """The `paths` that begin with `content_path`, relative to it."""
    if not content_path:
        return paths
    return frozenset(
        path[len(content_path) :].removeprefix(".")
        for path in paths
        if path == content_path or path.startswith(f"{content_path}.")
    )


class Encoder:
    """The type of a value in the API, and how to encode it."""

    #: Whether the value embeds other content, which a card may not do (one level deep).
    relational: ClassVar[bool] = False

    def __init__(self, annotation: Any, *, untyped: str = "") -> None:
        #: A Python type that Pydantic accepts in a model.
        self.annotation = annotation
        #: The remedy, for developers, if the type could not be determined.
        self.untyped = untyped
        #: The meaning of its values, added to the description of each member that has this type.
        self.explanation = ""

    def encode(self, value: Any, location: Location, compilation: Compilation) -> Json:
        """`value` as JSON of type `annotation`.

        Records in `compilation` everything else that it reads (`depends_on`), and each text
        (`mark_text`). Raises EncodingError if `value` cannot be encoded.
        """
        raise NotImplementedError
