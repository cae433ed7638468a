"""What a front-end understands of a document: the language of each text, and what is stale."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import html

from tests.publishing.languages.words import language_of, leaves, marks, parts_of

Pointer = tuple[str, ...]


@dataclass(frozen=True)
class Declared:
    """The languages that a document or card declares, by pointer; see its OpenAPI description."""

    own: str
    languages: dict[Pointer, str]
    lines: dict[Pointer, list[int]]
    line_languages: dict[Pointer, list[str]]

    @classmethod
    def by_document(cls, document: Any) -> Declared:
        told = document["meta"]["translation"]
        assert [*told["languages"]] == told["untranslated"]
        return cls.of(document["locale"], told, "languages", "lines", "line_languages")

    @classmethod
    def by_card(cls, card: Any) -> Declared:
        names = [f"untranslated_{name}" for name in ("languages", "lines", "line_languages")]
        assert [*card["untranslated_languages"]] == card["untranslated"]
        return cls.of(card["locale"], card, *names)

    @classmethod
    def of(cls, own: str, told: Any, *names: str) -> Declared:
        found = [
            {parts_of(key): each for key, each in told.get(name, {}).items()} for name in names
        ]
        return cls(own, *found)

    def of_text(self, pointer: Pointer, text: str) -> Iterator[tuple[str, str]]:
        """The pieces of a text of the document, each with the language that it is declared in."""
        marked = next((each for each in self.languages if pointer[: len(each)] == each), None)
        whole = self.languages[marked] if marked is not None else self.own
        is_in_part = marked in self.lines
        if pointer[-1] == "html":
            # The parts of a text have their own `lang`, and a front-end wraps the others.
            yield from _spoken(text, self.own if is_in_part else whole)
        elif is_in_part and marked is not None:
            yield from self._lines(marked, text)
        else:
            yield text, whole

    def _lines(self, marked: Pointer, text: str) -> Iterator[tuple[str, str]]:
        numbers = self.lines[marked]
        languages = self.line_languages.get(marked, [self.languages[marked]] * len(numbers))
        foreign = dict(zip(numbers, languages, strict=True))
        for number, line in enumerate(text.split("\n")):
            yield line, foreign.get(number, self.own)


def _spoken(fragment: str, language: str) -> Iterator[tuple[str, str]]:
    """The texts of an HTML fragment, each with its language."""
    pending = [(html.fragment_fromstring(fragment, create_parent="div"), language)]
    while pending:
        element, outside = pending.pop()
        inside = element.get("lang", outside)
        yield element.text or "", inside
        yield from ((child.tail or "", inside) for child in element)
        pending += [(child, inside) for child in element]


def wrongly_declared(document: Any, declared: Declared) -> list[tuple[str, str, str]]:
    """Texts in another language than the document declares: pointer, marks and declaration."""
    return [
        ("/".join(pointer), " ".join(sorted(marks(piece))), language)
        for pointer, text in leaves(document)
        for piece, language in declared.of_text(pointer, text)
        if not _is_true(language, {language_of(mark) for mark in marks(piece)}, declared.own)
    ]


def _is_true(declared: str, spoken: set[str], own: str) -> bool:
    """Whether a text in the languages `spoken` may be declared so.

    A title that code makes of two texts can be in two languages, and has the foreign one.
    """
    return spoken <= {declared} or (len(spoken) > 1 and declared in spoken - {own})


@dataclass(frozen=True)
class Shown:
    """A text that a document shows: where, of which page or snippet, and whether it is stale."""

    pointer: Pointer
    resource: str
    marks: frozenset[str]
    is_stale: bool


def shown_texts(document: Any) -> list[Shown]:
    stale = {parts_of(pointer) for pointer in document["meta"]["translation"]["stale"]}
    return [
        Shown(
            pointer,
            _resource_at(document, pointer),
            frozenset(marks(text)),
            any(pointer[:end] in stale for end in range(1, len(pointer) + 1)),
        )
        for pointer, text in leaves(document)
        if marks(text)
    ]


def _resource_at(document: Any, pointer: Pointer) -> str:
    """The id of the innermost thing around a text."""
    value, found = document, document["id"]
    for step in pointer:
        value = value[int(step)] if isinstance(value, list) else value[step]
        # Blocks have ids too. Cards have a locale, and breadcrumbs a path.
        if isinstance(value, dict) and "id" in value and {"locale", "path"} & {*value}:
            found = value["id"]
    return str(found)


@dataclass
class Public:
    """Everything that readers have now."""

    #: By collection, id, locale and fallback.
    documents: dict[tuple[str, str, str, str], Any] = field(default_factory=dict)
    cards: list[Any] = field(default_factory=list)

    def document(self, key: str, locale: str) -> Any:
        """The document of a thing in a locale, without a fallback; None if it is not public."""
        return next(
            (
                document
                for (_collection, each, code, fallback), document in self.documents.items()
                if (each, code, fallback) == (key, locale, "")
            ),
            None,
        )

    def own_marks(self, key: str, locale: str) -> frozenset[str] | None:
        """The marks of a thing's own texts in a locale; None if it is not public."""
        document = self.document(key, locale)
        if document is None:
            return None
        texts = (each for each in shown_texts(document) if each.resource == key)
        return frozenset(mark for each in texts for mark in each.marks)
