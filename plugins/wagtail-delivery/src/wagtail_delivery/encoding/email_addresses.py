"""E-mail addresses in a form that is useful to people and front-ends, but not to harvesters.

A document never contains an address in one piece: an address field becomes its two parts, a
`mailto:` link gets them as two attributes (see `mailto`), and in running text the `@` becomes
` (at) `.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import Field

from wagtail_delivery.encoding.base import Compilation, Encoder, Json, Location, Schema
from wagtail_delivery.encoding.html.tokens import (
    BLOCK_ELEMENTS,
    EndTag,
    OtherToken,
    StartTag,
    TextToken,
    Token,
    start_tag,
    tokens_of,
)
from wagtail_delivery.encoding.mailto import (
    AT_IN_URL,
    address_attributes,
    is_mailto,
    mailto_attributes,
)

AT = " (at) "

# Letters, digits and marks of every script, because `\w` has no marks. Written as exclusions: the
# ASCII characters that an address may not contain, white space, and non-ASCII punctuation.
_FOREIGN_PUNCTUATION = r"\s\u0080-\u00bf\u2000-\u206f\u3000-\u303f\uff00-\uff20"
_IN_USER = (
    rf"[^\x00-\x24\x28-\x2a\x2c\x2f\x3a-\x40\x5b-\x5e\x60\x7b-\x7d\x7f{_FOREIGN_PUNCTUATION}]"
)
_IN_DOMAIN = rf"[^\x00-\x2c\x2f\x3a-\x40\x5b-\x5e\x60\x7b-\x7f{_FOREIGN_PUNCTUATION}]"
_USER_BACKWARDS = re.compile(rf"{_IN_USER}+")
_DOMAIN = re.compile(rf"{_IN_DOMAIN}+")
_AT_DOMAIN = re.compile(rf"(?<={_IN_USER})@({_IN_DOMAIN}+)")
_TOP_LEVEL = re.compile(r"\.[^\W\d_]{2}")
#: Maximum length of the part before the `@` (RFC 5321, 4.5.3.1.1).
_LONGEST_USER = 64
_LEADING_PUNCTUATION = ".'&~%+-"

_MAY_HOLD_ADDRESS = re.compile("@|&#|&commat|%40|mailto:", re.IGNORECASE)
_CHARACTER_REFERENCE = re.compile(r"&(?:#[0-9]+|#[xX][0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]*);?")


@dataclass(frozen=True, slots=True)
class FoundAddress:
    """The position of an address in a text: from `start` to `end`, with its `@` at `at`."""

    start: int
    at: int
    end: int
    in_url: bool


def find_addresses(text: str) -> Iterator[FoundAddress]:
    """All addresses in `text`, in time linear in its length."""
    done = 0
    is_url = text.startswith("/")
    for match in _AT_DOMAIN.finditer(text):
        at, domain = match.start(), match[1]
        # The text directly before the `@`: back to white space or to the previous address.
        since = text[done:at]
        together = since.rsplit(None, 1)[-1]
        if len(together) < len(since):
            is_url = together.startswith("/")
        is_url = is_url or "://" in together
        done = at + 1
        if _TOP_LEVEL.search(domain):
            backwards = _USER_BACKWARDS.match(together[: -_LONGEST_USER - 1 : -1])
            user = backwards.group()[::-1].lstrip(_LEADING_PUNCTUATION) if backwards else ""
            end = done + len(domain.rstrip(".-"))
            yield FoundAddress(at - len(user), at, end, is_url)


def split_address(address: str) -> tuple[str, str] | None:
    """The parts of `address` before and after its `@`; None if it is not an address."""
    user, _, domain = address.strip().rpartition("@")
    if not user or not _DOMAIN.fullmatch(domain) or re.search(r'[\s<>,;:"]', user):
        return None
    return user, domain


def hide_in_text(text: str) -> str:
    """`text` with ` (at) `, or `%40` inside URLs, for the `@` of each address."""
    parts: list[str] = []
    done = 0
    for found in find_addresses(text):
        parts += text[done : found.at], AT_IN_URL if found.in_url else AT
        done = found.at + 1
    return "".join([*parts, text[done:]]) if parts else text


def hide_in_html(fragment: str) -> str:
    """`fragment` with no address in one piece in links, text, attributes or comments.

    A `mailto:` link becomes `<a data-email-user="…" data-email-domain="…">`, with the subject,
    further recipients and other parameters in `data-email-query`; an address in text becomes such a
    link with the text `user (at) domain`. Everything else keeps its bytes.
    """
    if not _MAY_HOLD_ADDRESS.search(fragment):
        return fragment
    hidden = _HiddenAddresses()
    for token in tokens_of(fragment):
        hidden.add(token)
    return hidden.html()


@dataclass(slots=True)
class _Piece:
    """A part of a line: its decoded text, its offset in the line, and its source."""

    text: str
    begin: int
    source: str
    #: Index of its source in the output.
    index: int
    in_link: bool

    @property
    def end(self) -> int:
        return self.begin + len(self.text)

    @property
    def is_reference(self) -> bool:
        return self.source != self.text


@dataclass(frozen=True, slots=True)
class _Edit:
    """The replacement of a part of a line's text."""

    start: int
    end: int
    source: str


class _HiddenAddresses:
    """The output of `hide_in_html`; text is processed one visible line at a time.

    A text token is not enough, because an address may contain markup.
    """

    def __init__(self) -> None:
        self.out: list[str] = []
        self.line: list[_Piece] = []
        #: The end tag of each open `<a>`.
        self.links: list[str] = []

    def html(self) -> str:
        self._finish_line()
        return "".join(self.out)

    def add(self, token: Token) -> None:
        match token:
            case TextToken():
                self._add_text(token.safe_source)
            case StartTag():
                self._add_start(token)
            case EndTag():
                self._finish_line_at(token.name)
                is_link = token.name == "a" and self.links
                self.out.append(self.links.pop() if is_link else hide_in_text(token.source))
            case OtherToken():
                self.out.append(hide_in_text(token.source))

    def _add_start(self, tag: StartTag) -> None:
        self._finish_line_at(tag.name)
        href = tag.attributes.get("href") or ""
        end = "</a>"
        if tag.name == "a" and is_mailto(href):
            kept = mailto_attributes(href)
            self.out.append(start_tag("a", kept) if kept else "")
            end = "</a>" if kept else ""
        else:
            hidden = {name: value and hide_in_text(value) for name, value in tag.attributes.items()}
            unchanged = hidden == tag.attributes
            # An address in angle brackets is parsed as a tag.
            self.out.append(hide_in_text(tag.source if unchanged else start_tag(tag.name, hidden)))
        if tag.name == "a" and not tag.is_closed:
            self.links.append(end)

    def _add_text(self, source: str) -> None:
        done = 0
        for reference in _CHARACTER_REFERENCE.finditer(source):
            self._add_piece(source[done : reference.start()])
            self._add_piece(reference.group(), html.unescape(reference.group()))
            done = reference.end()
        self._add_piece(source[done:])

    def _add_piece(self, source: str, text: str | None = None) -> None:
        begin = self.line[-1].end if self.line else 0
        decoded = source if text is None else text
        if source:
            self.line.append(_Piece(decoded, begin, source, len(self.out), bool(self.links)))
            self.out.append(source)

    def _finish_line_at(self, name: str) -> None:
        if name in BLOCK_ELEMENTS or name == "br":
            self._finish_line()

    def _finish_line(self) -> None:
        edits = self._edits()
        following = iter(edits)
        edit = next(following, None)
        for piece in self.line:
            written: list[str] = []
            done = piece.begin
            while edit and edit.start < piece.end:
                if edit.start >= piece.begin:
                    kept = piece.source[done - piece.begin : edit.start - piece.begin]
                    written += "" if piece.is_reference else kept, edit.source
                done = min(edit.end, piece.end)
                if edit.end > piece.end:
                    break
                edit = next(following, None)
            if done > piece.begin:
                rest = "" if piece.is_reference else piece.source[done - piece.begin :]
                self.out[piece.index] = "".join([*written, rest])
        self.line = []

    def _edits(self) -> list[_Edit]:
        """The replacements of the line's addresses: links, or ` (at) ` alone amid other markup."""
        edits: list[_Edit] = []
        number = 0
        for found in find_addresses("".join(piece.text for piece in self.line)):
            while self.line[number].end <= found.start:
                number += 1
            last = number
            while self.line[last].end < found.end:
                last += 1
            first_piece, last_piece = self.line[number], self.line[last]
            overlaps = bool(edits) and found.start < edits[-1].end
            is_one_text = last_piece.index - first_piece.index == last - number
            words = "".join(piece.text for piece in self.line[number : last + 1])
            address = words[found.start - first_piece.begin : found.end - first_piece.begin]
            parts = split_address(address)
            if parts and is_one_text and not (overlaps or found.in_url or first_piece.in_link):
                label = html.escape(AT.join(parts), quote=False)
                source = f"{start_tag('a', address_attributes(*parts))}{label}</a>"
                edits.append(_Edit(found.start, found.end, source))
            else:
                edits.append(_Edit(found.at, found.at + 1, AT_IN_URL if found.in_url else AT))
        return edits


class EmailAddress(Schema):
    """An e-mail address in two parts, to protect it from harvesters."""

    user: str = Field(description="The part before the @.")
    domain: str = Field(description="The part after the @.")


class EmailAddressEncoder(Encoder):
    """An e-mail field: its two parts, or null if it is empty or not an address."""

    def __init__(self) -> None:
        super().__init__(EmailAddress | None)

    def encode(self, value: Any, location: Location, compilation: Compilation) -> Json:
        parts = split_address(str(value)) if value else None
        return {"user": parts[0], "domain": parts[1]} if parts else None
