"""The runs of text in an HTML fragment, which are what translators translate one by one."""

from __future__ import annotations

import html
from collections.abc import Sequence

from wagtail_delivery.encoding.html.tokens import EndTag, StartTag, TextToken, Token

#: Elements that do not interrupt a run of text.
INLINE_ELEMENTS = frozenset({"a", "abbr", "acronym", "b", "br", "code", "em", "i", "strong"})


def text_runs(tokens: Sequence[Token]) -> list[range]:
    """The indexes of the tokens of each run; runs of white space do not count."""
    runs: list[range] = []
    start, has_text = 0, False
    for index, token in enumerate(tokens):
        if isinstance(token, StartTag | EndTag) and token.name not in INLINE_ELEMENTS:
            if has_text:
                runs.append(range(start, index))
            start, has_text = index + 1, False
        elif isinstance(token, TextToken) and html.unescape(token.source).strip():
            has_text = True
    if has_text:
        runs.append(range(start, len(tokens)))
    return runs


def fills_element(tokens: Sequence[Token], run: range) -> bool:
    """Whether `run` is all that an element contains."""
    if run.start == 0 or run.stop == len(tokens):
        return False
    before, after = tokens[run.start - 1], tokens[run.stop]
    return isinstance(before, StartTag) and isinstance(after, EndTag) and before.name == after.name
