"""The tags of a string as numbered tokens: one may move them, but not break or forget them.

`Lihat <a id="a1">Akta 4</a>` is shown as `Lihat {1}Akta 4{/1}`. A translation has to have each
piece of its source once. Line breaks are line breaks, and all else is plain text: nobody has to
write HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag
from django.utils.html import escape
from django.utils.translation import gettext as _

#: A token, or text that looks like one: that has one more brace, so `{1}` in a text is `{{1}`.
_TOKEN = re.compile(r"(\{+)(/?)(\d+)\}")
#: A tag as wagtail-localize writes it into a string.
_STORED_TAG = re.compile(r"</?[a-z]+(?: id=\"[^\"<>]*\")? ?/?>")
_PREVIEW = 60


@dataclass(frozen=True)
class Piece:
    """A tag of the source."""

    number: int
    tag: str
    #: wagtail-localize's id of a tag with attributes, or empty.
    key: str
    #: The words in it.
    text: str

    @property
    def start(self) -> str:
        return f"{{{self.number}}}"

    @property
    def end(self) -> str:
        return f"{{/{self.number}}}"


@dataclass(frozen=True)
class Token:
    """The beginning or the end of a piece in a text."""

    number: int
    is_end: bool

    def __str__(self) -> str:
        return f"{{{'/' if self.is_end else ''}{self.number}}}"


class BrokenPiecesError(ValueError):
    """A text whose tokens do not fit its source; the message tells the translator why."""


def pieces_of(source: str) -> list[Piece]:
    """The pieces of a source string, in their order."""
    return [
        Piece(number, tag.name, _key(tag), _short(tag.get_text()))
        for number, tag in enumerate(_tags(BeautifulSoup(source, "html.parser")), start=1)
    ]


def _tags(soup: BeautifulSoup) -> Iterator[Tag]:
    return (tag for tag in soup.find_all(True) if isinstance(tag, Tag) and tag.name != "br")


def _key(tag: Tag) -> str:
    return str(tag.attrs.get("id", ""))


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _PREVIEW else f"{text[:_PREVIEW]}…"


def to_tokens(html: str, pieces: Sequence[Piece], *, keep_lines: bool = False) -> str:
    """A string, or its translation, as text with the tokens of its source's `pieces`.

    Tags that the source does not have now are left out; their words stay. A line break that is no
    tag is a space, as in HTML, or with `keep_lines` a line break.
    """
    free = list(pieces)

    def walk(parent: Tag) -> Iterator[str]:
        for child in parent.children:
            if isinstance(child, NavigableString):
                text = str(child)
                yield as_text(text if keep_lines else re.sub(r"\s*\n\s*", " ", text))
            elif isinstance(child, Tag) and child.name == "br":
                yield "\n"
            elif isinstance(child, Tag):
                piece = _taken(free, child)
                yield piece.start if piece else ""
                yield from walk(child)
                yield piece.end if piece else ""

    return "".join(walk(BeautifulSoup(html, "html.parser")))


def _taken(free: list[Piece], tag: Tag) -> Piece | None:
    """The first free piece that is such a tag; it is not free any more."""
    for piece in free:
        if (piece.tag, piece.key) == (tag.name, _key(tag)):
            free.remove(piece)
            return piece
    return None


def as_text(text: str) -> str:
    """Text without tokens, in which what looks like a token is none."""
    return _TOKEN.sub(lambda found: "{" + found[0], text)


def tokens_in(text: str) -> Iterator[str | Token]:
    """The tokens of a text, and what is between them as it is meant."""
    position = 0
    for token in _TOKEN.finditer(text):
        yield text[position : token.start()]
        position = token.end()
        braces, slash, digits = token.groups()
        yield token[0][1:] if len(braces) > 1 else Token(int(digits), bool(slash))
    yield text[position:]


def to_html(text: str, pieces: Sequence[Piece]) -> str:
    """A text with tokens as wagtail-localize stores it; raises BrokenPiecesError."""
    parts: list[str] = []
    open_pieces: list[tuple[Piece, int]] = []
    left = {piece.number: piece for piece in pieces}
    known = dict(left)
    for part in tokens_in(text):
        if isinstance(part, str):
            parts.append(_as_html(part))
            continue
        piece = known.get(part.number)
        if piece is None:
            raise BrokenPiecesError(
                _("%(token)s is not in the source. Remove it.") % {"token": str(part)}
            )
        if part.is_end:
            _close(piece, open_pieces, parts)
        else:
            _open(piece, left, open_pieces, parts)
    _check_all_used(left, open_pieces)
    return str(BeautifulSoup("".join(parts), "html.parser"))


def fit(words: str, source_words: str, pieces: Sequence[Piece]) -> str:
    """A translation of other source words, as text with the tokens of this source's `pieces`.

    Raises BrokenPiecesError if the two sources do not have the same pieces.
    """
    theirs = pieces_of(source_words)
    ours = _counterparts(theirs, pieces)

    def renumbered(token: re.Match[str]) -> str:
        braces, slash, digits = token.groups()
        if len(braces) > 1:
            return token[0]
        piece = ours.get(int(digits))
        if piece is None:
            raise BrokenPiecesError(_("It has pieces that this source does not have."))
        return f"{{{slash}{piece.number}}}"

    text = _TOKEN.sub(renumbered, to_tokens(words, theirs))
    if len(ours) < len(pieces):
        raise BrokenPiecesError(_("This source has pieces that it does not have."))
    to_html(text, pieces)
    return text


def _counterparts(theirs: Sequence[Piece], ours: Sequence[Piece]) -> dict[int, Piece]:
    """For the numbers of `theirs` the pieces of `ours`: with the same words, else the next such."""
    found: dict[int, Piece] = {}
    free = list(ours)
    for likeness in (_tag_key_and_words, _tag_and_words, _tag):
        for piece in theirs:
            same = (one for one in free if likeness(one) == likeness(piece))
            counterpart = next(same, None) if piece.number not in found else None
            if counterpart is not None:
                found[piece.number] = counterpart
                free.remove(counterpart)
    return found


def _tag_key_and_words(piece: Piece) -> tuple[str, ...]:
    return piece.tag, piece.key, piece.text


def _tag_and_words(piece: Piece) -> tuple[str, ...]:
    return piece.tag, piece.text


def _tag(piece: Piece) -> tuple[str, ...]:
    return (piece.tag,)


def from_html(html: str, pieces: Sequence[Piece], *, keep_lines: bool) -> str:
    """HTML that was written elsewhere, as wagtail-localize stores it; raises BrokenPiecesError.

    It has to have the pieces of its source, as a text with tokens has, and no other tags.
    """
    if "<" in _STORED_TAG.sub("", html):
        raise BrokenPiecesError(_("Write &lt; for a “<” that begins no tag of the source."))
    free = list(pieces)
    for tag in _tags(BeautifulSoup(html, "html.parser")):
        if _taken(free, tag) is None:
            raise BrokenPiecesError(
                _("%(token)s is not in the source. Remove it.") % {"token": f"<{tag.name}>"}
            )
    return to_html(to_tokens(html, pieces, keep_lines=keep_lines), pieces)


def _as_html(text: str) -> str:
    return str(escape(text)).replace("\n", "<br/>")


def _open(
    piece: Piece,
    left: dict[int, Piece],
    open_pieces: list[tuple[Piece, int]],
    parts: list[str],
) -> None:
    if left.pop(piece.number, None) is None:
        raise BrokenPiecesError(
            _("%(token)s is there twice. Remove one of them.") % {"token": piece.start}
        )
    key = f' id="{escape(piece.key)}"' if piece.key else ""
    parts.append(f"<{piece.tag}{key}>")
    open_pieces.append((piece, len(parts)))


def _close(piece: Piece, open_pieces: list[tuple[Piece, int]], parts: list[str]) -> None:
    if not any(opened is piece for opened, _start in open_pieces):
        raise BrokenPiecesError(
            _("%(end)s has to come after %(start)s.") % {"end": piece.end, "start": piece.start}
        )
    last, start = open_pieces.pop()
    if last is not piece:
        raise BrokenPiecesError(
            _("%(inner)s has to come before %(outer)s.") % {"inner": last.end, "outer": piece.end}
        )
    if piece.text.strip() and not "".join(parts[start:]).strip():
        raise BrokenPiecesError(
            _("Write the translation of “%(text)s” between %(start)s and %(end)s.")
            % {"text": piece.text, "start": piece.start, "end": piece.end}
        )
    parts.append(f"</{piece.tag}>")


def _check_all_used(left: Mapping[int, Piece], open_pieces: list[tuple[Piece, int]]) -> None:
    if open_pieces:
        raise BrokenPiecesError(
            _("Write %(end)s after %(start)s.")
            % {"end": open_pieces[-1][0].end, "start": open_pieces[-1][0].start}
        )
    if left:
        missing = ", ".join(f"{piece.start}…{piece.end}" for piece in left.values())
        raise BrokenPiecesError(
            _("These pieces of the source are missing: %(pieces)s. Write them into the text.")
            % {"pieces": missing}
        )


def description(piece: Piece, attrs: Mapping[str, Any]) -> str:
    """What a piece is, for the translator; `attrs` are the string segment's."""
    found = attrs.get(piece.key) or {}
    names = {
        "a": _("Link") if found.get("href") else _("Reference"),
        "b": _("Bold"),
        "strong": _("Bold"),
        "i": _("Italics"),
        "em": _("Italics"),
        "code": _("Code"),
        "abbr": _("Abbreviation"),
        "acronym": _("Abbreviation"),
    }
    name = names.get(piece.tag, piece.tag)
    target = found.get("href", "")
    return f"{name} “{piece.text}”" + (f" → {target}" if target else "")
