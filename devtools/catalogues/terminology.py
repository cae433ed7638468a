"""The terms of the Malay admin, read from the tables of `docs/terminology.md`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from devtools.catalogues.rules import plain

#: What may stand before a stem: "laman" is in "selaman", but "halaman" is another word.
_PREFIXES = "(?:ber|di|ke|me[mn]?|meng?|menge|nyah|pe[mn]?|peng?|per|se|sub|super|ter)*"


@dataclass(frozen=True)
class Term:
    """An English term, and the parts of words of which its translation must have one."""

    english: str
    stems: tuple[str, ...]

    @property
    def pattern(self) -> re.Pattern[str]:
        """Finds the term in an English text, with the endings under which it is still the same."""
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
    """Terms, words that are not to be used, and messages in which a term is something else."""

    def __init__(self, document: Path) -> None:
        """Raises ValueError where a row of the document's tables cannot be understood."""
        tables = dict(_tables(document.read_text(encoding="utf-8")))
        #: Longest first: "home page" is no "page".
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
        """What in the Malay `translation` of an English message is against the list."""
        excepted = {term for start, term in self.exceptions if message.startswith(start)}
        rest, found = plain(message), plain(translation).casefold()
        for term in self.terms:
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
    """The tables of a document by the first word of their heads."""
    for block in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        head, _line, *rows = [
            [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
            for line in block.splitlines()
        ]
        for row in rows:
            if len(row) != len(head):
                raise ValueError(f"The row {' | '.join(row)!r} has not {len(head)} cells.")
        yield head[0], rows


def _words(cell: str) -> list[str]:
    return [word.strip().casefold() for word in cell.split(",") if word.strip()]
