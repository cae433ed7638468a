"""The words around what was found, with a mark on it."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString

from cms.text_search.folding import folded

#: Characters that an excerpt shows on each side.
AROUND = 90


def excerpt(text: str, phrase: str) -> SafeString | None:
    """`text` around the first `phrase`, which is folded; None if it is not in it."""
    compared = folded(text)
    at = compared.text.find(phrase)
    if at < 0:
        return None
    begin = compared.positions[at]
    last = compared.positions[at + len(phrase) - 1]
    end = _after_marks(compared.positions, last, len(text))
    left, right = _left(text, begin), _right(text, end)
    return format_html(
        "{}{}<mark>{}</mark>{}{}",
        "… " if left else "",
        text[left:begin].lstrip(),
        text[begin:end],
        text[end:right].rstrip(),
        " …" if right < len(text) else "",
    )


def _after_marks(positions: tuple[int, ...], last: int, length: int) -> int:
    """The end of the character at `last`, with the accents that follow it."""
    return min((position for position in positions if position > last), default=length)


def _left(text: str, begin: int) -> int:
    """Where the excerpt begins: at a word."""
    if begin <= AROUND:
        return 0
    space = text.find(" ", begin - AROUND, begin)
    return space + 1 if space >= 0 else begin - AROUND


def _right(text: str, end: int) -> int:
    if len(text) - end <= AROUND:
        return len(text)
    space = text.rfind(" ", end, end + AROUND)
    return space if space >= 0 else end + AROUND
