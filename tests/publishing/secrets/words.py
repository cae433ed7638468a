"""Words by which the machine recognises secrets and languages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

#: Part of everything that is not public.
SECRET = "rahsiabesar"
#: A word in every Malay text and one in every English text.
MALAY, ENGLISH = "melayu", "english"
SECRET_TEXT = f"{SECRET} {MALAY}"


def texts(value: Any, pointer: tuple[str, ...] = ("",)) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every text in a document, with the parts of its JSON pointer."""
    if isinstance(value, str):
        yield pointer, value
    elif isinstance(value, dict):
        for name, part in value.items():
            yield from texts(part, (*pointer, name))
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from texts(part, (*pointer, str(index)))
