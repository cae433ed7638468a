"""The terms of the Malay admin, read from the tables of `docs/terminology.md`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from devtools.catalogues.rules import plain

#: Prefixes allowed before a stem: "selaman" contains "laman", but "halaman" is another word.
_PREFIXES = "(?:ber|di|ke|me[mn]?|meng?|menge|nyah|pe[mn]?|peng?|per|se|sub|super|ter)*"


@dataclass(frozen=True)
class Term:
    """An English term and its stems; a translation must contain at least one of them."""

    english: str
    stems: tuple[str, ...]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Matches the term in an English text, including its inflected forms."""
        word, last = re.escape(self.english), self.english[-1]
        forms = [f"{word}(?:s|es|d|ed|ing)?"]
        if last == "y":  # copies, copied
            forms.append(f"{word[:-1]}i(?:es|ed)")
        elif last == "e":  # moving
            forms.append(f"{word[:-1]}ing")
        else:  # submitted, tagging
            forms.append(f"{word}{last}(?:ed|ing)")
        return re.compile(rf"\b(?:{'|'.join(forms)})\b", re.IGNORECASE)


class Terminology:
    """Terms, banned words, and messages in which a term has another meaning."""

    def __init__(self, document: Path) -> None:
        """Read the document's tables; raises ValueError if a row has missing or extra cells."""
        tables = dict(_tables(document.read_text(encoding="utf-8")))
        #: Longest first, so "home page" does not match "page".
        self.terms = sorted(
            (
                Term(english, tuple(_words(stems)))
                for terms, _malay, stems, _note in tables["English"]
                for english in _words(terms)
            ),
            key=lambda term: -len(term.english),
        )
        self.banned = {word for words, _instead in tables["Not"] for word in _words(words)}
        self.exceptions = [
            (message.strip("`").removesuffix("…"), term)
            for message, term, _why in tables["Message"]
        ]

    def problems(self, message: str, translation: str) -> Iterator[str]:
        """Describe each place where a Malay `translation` breaks the list of terms."""
        excepted = {term for start, term in self.exceptions if message.startswith(start)}
        rest, found = plain(message), plain(translation).casefold()
        whole = rest.casefold()
        for term in self.terms:
            # Every form begins with these letters; this rules out most texts before the pattern.
            if term.english[:-1] not in whole:
                continue
            rest, times = term.pattern.subn(" ", rest)
            if not times or not term.stems or term.english in excepted:
                continue
            if not any(_has_stem(found, stem) for stem in term.stems):
                yield f"{term.english!r} is {' or '.join(map(repr, term.stems))} in Malay"
        for word in re.findall(r"[\w-]+", found):
            if word in self.banned:
                yield f"{word!r} is not used"


def _has_stem(text: str, stem: str) -> bool:
    return re.search(rf"\b{_PREFIXES}{re.escape(stem)}", text) is not None


def _tables(text: str) -> Iterator[tuple[str, list[list[str]]]]:
    """The tables of a document, each with the first cell of its header."""
    for block in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        head, _line, *rows = [
            [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
            for line in block.splitlines()
        ]
        for row in rows:
            if len(row) != len(head):
                raise ValueError(f"The row {' | '.join(row)!r} must have {len(head)} cells.")
        yield head[0], rows


def _words(cell: str) -> list[str]:
    return [word.strip().casefold() for word in cell.split(",") if word.strip()]
