"""Convert HTML to the plain text that a reader sees."""

from __future__ import annotations

import html
import re
from collections.abc import Collection

from wagtail_delivery.encoding.html.tokens import (
    BLOCK_ELEMENTS,
    VOID_ELEMENTS,
    StartTag,
    TextToken,
    tokens_of,
)

#: White space as HTML defines it, without the non-breaking space.
_WHITE_SPACE = re.compile(r"[ \t\n\r\f]+")
#: Two line ends make one blank line, the most that the text contains in a row.
_MAX_LINE_ENDS = 2


def html_to_text(fragment: str) -> str:
    """The text of an HTML fragment, with character references decoded.

    Every block, list item and table row has a line of its own, and `<br>` ends a line. White space
    within a line is collapsed to one space, except in `<pre>`. There is no white space at either
    end, and at most one blank line in a row.
    """
    text = _PlainText()
    for token in tokens_of(fragment):
        if isinstance(token, TextToken):
            text.add(html.unescape(token.source))
        elif isinstance(token, StartTag):
            text.start(token.name)
        else:
            text.end(getattr(token, "name", ""))
    return "".join(text.parts).strip()


def languages_of_lines(fragment: str, languages: Collection[str]) -> dict[int, str]:
    """The lines of `html_to_text(fragment)`, from 0, with text of elements with such a `lang`.

    Of several in a line, the first. A link has its language by itself, within a text of another
    one, and does not count.
    """
    text = _PlainText()
    #: The names of the elements that are open within one that has a language, it included.
    within: list[str] = []
    language = ""
    lines: dict[int, str] = {}
    for token in tokens_of(fragment):
        if isinstance(token, StartTag):
            own = token.attributes.get("lang") if token.name != "a" else None
            if not within and own in languages:
                language = own or ""
            is_empty = token.name in VOID_ELEMENTS or token.is_closed
            if (within or own in languages) and not is_empty:
                within.append(token.name)
            text.start(token.name)
        elif isinstance(token, TextToken):
            before = len(text.parts)
            text.add(html.unescape(token.source))
            if within and len(text.parts) > before:
                for line in range(text.line - text.parts[-1].count("\n"), text.line + 1):
                    lines.setdefault(line, language)
        else:
            name = getattr(token, "name", "")
            text.end(name)
            if name in within:
                del within[len(within) - 1 - within[::-1].index(name) :]
    return lines


class _PlainText:
    def __init__(self) -> None:
        self.parts: list[str] = []
        #: The line ends, and whether a space, due before the next text.
        self.line_ends = 0
        self.space = False
        self.preformatted = 0
        #: The number of the last line.
        self.line = 0

    def start(self, name: str) -> None:
        if name == "br":
            self.line_ends += 1
        elif name in BLOCK_ELEMENTS and name not in {"td", "th"}:
            self.line_ends = max(self.line_ends, 1)
        elif name in {"td", "th"}:
            self.space = True
        self.preformatted += name == "pre"

    def end(self, name: str) -> None:
        if name in BLOCK_ELEMENTS and name not in {"td", "th"}:
            self.line_ends = max(self.line_ends, 1)
        self.preformatted = max(0, self.preformatted - (name == "pre"))

    def add(self, text: str) -> None:
        if self.preformatted:
            self._write(text)
            return
        words = _WHITE_SPACE.sub(" ", text)
        if words.startswith(" "):
            self.space = True
        if bare := words.strip(" "):
            self._write(bare)
            self.space = words.endswith(" ")

    def _write(self, text: str) -> None:
        if not self.parts:
            # White space at the beginning is no part of the text.
            text = text.lstrip()
        if self.parts and self.line_ends:
            line_ends = min(self.line_ends, _MAX_LINE_ENDS)
            self.parts.append("\n" * line_ends)
            self.line += line_ends
        elif self.parts and self.space:
            self.parts.append(" ")
        self.parts.append(text)
        self.line += text.count("\n")
        self.line_ends, self.space = 0, False
