"""The pieces, line breaks and odd characters of a text as inline elements of XLIFF, and back.

A text is one of the screen: pieces are numbered tokens, and line breaks are line breaks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from wagtail_localize_desk.exchange.xml_reading import Element
from wagtail_localize_desk.exchange.xml_writing import escaped, is_xml_character, start_tag
from wagtail_localize_desk.screen.protected_pieces import Token, as_text, tokens_in

_LINE_BREAK = re.compile(r"lb-\d+")


@dataclass(frozen=True)
class InlineNames:
    """How one version of XLIFF writes inline elements."""

    #: The element of a piece, which has its words in it.
    paired: str
    #: The elements that are a line break if their id says so.
    single: frozenset[str]
    #: Elements that mark words and mean nothing here.
    transparent: frozenset[str]
    #: The tag of a line break, by its number in the text.
    line_break: Callable[[int], str]
    #: The tag of a character that XML cannot have, by its number in the text.
    character: Callable[[str, int], str]
    #: The character that an element stands for; empty for other elements.
    character_of: Callable[[Element], str]
    #: Elements that begin and end a piece on their own, with their attribute for its id.
    starts: tuple[str, str] = ("", "")
    ends: tuple[str, str] = ("", "")


class UnreadableTextError(ValueError):
    """A text with inline elements that mean nothing here; the message tells the translator."""


def to_xml(text: str, names: InlineNames, piece: Callable[[int], dict[str, str]]) -> str:
    """A text as XML; `piece` gives the attributes of a piece by its number."""
    return "".join(_written(text, names, piece))


def _written(
    text: str, names: InlineNames, piece: Callable[[int], dict[str, str]]
) -> Iterator[str]:
    count = 0
    for part in tokens_in(text):
        if isinstance(part, Token):
            if part.is_end:
                yield f"</{names.paired}>"
            else:
                yield start_tag(names.paired, piece(part.number))
            continue
        for character in part:
            if character == "\n":
                count += 1
                yield names.line_break(count)
            elif is_xml_character(character):
                yield escaped(character)
            else:
                count += 1
                yield names.character(character, count)


def to_text(element: Element, names: InlineNames) -> str:
    """The text in an element of XLIFF; raises UnreadableTextError."""
    return "".join(_read(element, names))


def _read(element: Element, names: InlineNames) -> Iterator[str]:
    for part in element.content:
        if isinstance(part, str):
            yield as_text(part)
        elif part.name in names.transparent:
            yield from _read(part, names)
        elif part.name in names.single and _LINE_BREAK.fullmatch(part.attributes.get("id", "")):
            yield "\n"
        elif character := names.character_of(part):
            yield character
        elif part.name == names.paired:
            number = _number(part, "id")
            yield str(Token(number, is_end=False))
            yield from _read(part, names)
            yield str(Token(number, is_end=True))
        elif part.name == names.starts[0]:
            yield str(Token(_number(part, names.starts[1]), is_end=False))
        elif part.name == names.ends[0]:
            yield str(Token(_number(part, names.ends[1]), is_end=True))
        else:
            raise _unknown(part)


def _number(element: Element, attribute: str) -> int:
    written = element.attributes.get(attribute, "")
    if not re.fullmatch(r"[0-9]{1,6}", written):
        raise _unknown(element)
    return int(written)


def _unknown(element: Element) -> UnreadableTextError:
    return UnreadableTextError(
        _("%(token)s is not in the source. Remove it.") % {"token": f"<{element.name}>"}
    )
