"""Words that tell their language, and what they are: the machine's own judge of documents.

Each text is made of words that no other text has, such as "mqabz mqabzu mqabzv mqabzw". Its mark,
"mqab", says that it is Malay and which text it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

#: The beginning of a mark, by language.
BEGINNINGS = {"ms": "mq", "en": "eq", "ta": "tq"}
LANGUAGES = {beginning: language for language, beginning in BEGINNINGS.items()}
MARK = re.compile(r"\b([met]q[a-p]+)z[u-w]?\b")
#: A whole text. JSON and HTML around it stay.
TEXT = re.compile(r"\b([met]q[a-p]+)z \1zu \1zv \1zw\b")
DIGITS = "abcdefghijklmnop"
#: Members of documents that are in no language.
ADDRESSES = {"anchor", "id", "path", "slug"}


def new_text(language: str, number: int) -> str:
    mark = BEGINNINGS[language] + "".join(DIGITS[int(digit, 16)] for digit in f"{number:x}")
    return " ".join(f"{mark}z{end}" for end in ("", "u", "v", "w"))


def marks(text: str) -> set[str]:
    """The marks of the texts in `text`."""
    return set(MARK.findall(text))


def language_of(mark: str) -> str:
    return LANGUAGES[mark[:2]]


def leaves(value: Any, pointer: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every text in a document, with the parts of its JSON pointer."""
    if isinstance(value, str):
        yield pointer, value
    elif isinstance(value, dict):
        for name, part in value.items():
            if name not in ADDRESSES and (pointer != ("meta",) or name != "translation"):
                yield from leaves(part, (*pointer, name))
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from leaves(part, (*pointer, str(index)))


def parts_of(pointer: str) -> tuple[str, ...]:
    """The parts of a JSON pointer."""
    steps = pointer.split("/")[1:]
    return tuple(step.replace("~1", "/").replace("~0", "~") for step in steps)


def all_marks(document: Any) -> set[str]:
    return {mark for _pointer, text in leaves(document) for mark in marks(text)}
