"""The difference of two texts in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import NamedTuple

#: Tokens of protected pieces, words and numbers with what is within them, and all else.
_PART = re.compile(r"\{+/?\d+\}|\w+(?:[.,'’/-]\w+)*|\s+|[^\w\s]")
#: Longer texts are not compared word by word, which takes the product of their lengths.
_MOST_PARTS = 5000


class Part(NamedTuple):
    """A part of the text: `kept`, `removed` or `added`."""

    kind: str
    text: str


def word_difference(before: str, after: str) -> list[Part]:
    """The parts of both texts in one sequence, what was removed before what was added."""
    return list(_parts(_PART.findall(before), _PART.findall(after)))


def _parts(before: list[str], after: list[str]) -> Iterator[Part]:
    if max(len(before), len(after)) > _MOST_PARTS:
        yield Part("removed", "".join(before))
        yield Part("added", "".join(after))
        return
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for operation, start, end, new_start, new_end in matcher.get_opcodes():
        if operation == "equal":
            yield Part("kept", "".join(before[start:end]))
            continue
        if end > start:
            yield Part("removed", "".join(before[start:end]))
        if new_end > new_start:
            yield Part("added", "".join(after[new_start:new_end]))
