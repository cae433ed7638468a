"""Texts are compared without case, accents, and the differences that typing makes."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

#: Signs that a word processor writes in place of those on the keyboard.
_TYPED = str.maketrans(
    {"‘": "'", "’": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"'}
    | dict.fromkeys("‐‑‒–—−", "-")
)
#: Marks on letters, and invisible characters such as the soft hyphen.
_LEFT_OUT = {"Mn", "Cf"}


@dataclass(frozen=True)
class Folded:
    """A text as it is compared, with the position in the original of each of its characters."""

    text: str
    positions: tuple[int, ...]


def fold(text: str) -> str:
    """`text` as it is compared: lower case, no accents, one space for any white space."""
    plain = text.lower() if text.isascii() else "".join(map(_parts, text))
    return " ".join(plain.split())


def folded(text: str) -> Folded:
    """`fold` with positions."""
    characters: list[str] = []
    positions: list[int] = []
    for position, character in enumerate(text):
        for part in _parts(character):
            if part == " " and (not characters or characters[-1] == " "):
                continue
            characters.append(part)
            positions.append(position)
    if characters and characters[-1] == " ":
        del characters[-1], positions[-1]
    return Folded("".join(characters), tuple(positions))


@lru_cache(maxsize=1024)
def _parts(character: str) -> str:
    if character.isspace():
        return " "
    if character.isascii():
        return character.lower()
    decomposed = unicodedata.normalize("NFKD", character.translate(_TYPED)).translate(_TYPED)
    kept = (part for part in decomposed if unicodedata.category(part) not in _LEFT_OUT)
    return "".join(" " if part.isspace() else part for part in "".join(kept).casefold())
