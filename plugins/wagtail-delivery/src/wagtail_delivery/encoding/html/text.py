"""Convert HTML to the plain text that a reader sees."""

from __future__ import annotations

import html
import re

from wagtail_delivery.encoding.html.tokens import BLOCK_ELEMENTS, StartTag, TextToken, tokens_of

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


class _PlainText:
    def __init__(self) -> None:
        self.parts: list[str] = []
        #: The line ends, and whether a space, due before the next text.
        self.line_ends = 0
        self.space = False
        self.preformatted = 0

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
        if self.parts and self.line_ends:
            self.parts.append("\n" * min(self.line_ends, _MAX_LINE_ENDS))
        elif self.parts and self.space:
            self.parts.append(" ")
        self.parts.append(text)
        self.line_ends, self.space = 0, False
