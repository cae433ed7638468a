"""HTML taken apart into tags and text, so that what is not changed keeps its very bytes.

Python's own HTML parser finds the tags. It is fed with every `&` replaced by a stand-in, because it
would decode character references: here text and tags keep the source that they were written with,
and joining the sources of all tokens gives well-formed HTML back unchanged.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from html.parser import HTMLParser

#: Stands for `&` inside the parser. HTML forbids the character itself, and databases refuse it.
_AMPERSAND = "\0"

#: Elements that have no content and no end tag.
VOID_ELEMENTS = frozenset(
    re.findall(r"\w+", "area base br col embed hr img input link meta param source track wbr")
)

#: Elements that begin and end a line of text.
BLOCK_ELEMENTS = frozenset(
    re.findall(
        r"\w+",
        """
    address article aside blockquote caption center dd details dialog dir div dl dt fieldset
    figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li main menu nav ol
    optgroup option p pre section summary table tbody td tfoot th thead tr ul
    """,
    )
)

Attributes = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class StartTag:
    """`<name …>`; attribute values are decoded, None where there is only a name."""

    source: str
    name: str
    attributes: dict[str, str | None]
    #: Whether it closes itself (`<name/>`).
    is_closed: bool


@dataclass(frozen=True, slots=True)
class EndTag:
    """`</name>`."""

    source: str
    name: str


@dataclass(frozen=True, slots=True)
class Text:
    """Text between tags, with its character references as they were written."""

    source: str


@dataclass(frozen=True, slots=True)
class Other:
    """What no reader sees: comments, declarations, and the content of script and style."""

    source: str


Token = StartTag | EndTag | Text | Other


class _Tokenizer(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tokens: list[Token] = []

    def _start(self, name: str, given: list[tuple[str, str | None]], *, is_closed: bool) -> None:
        attributes: dict[str, str | None] = {}
        for attribute, value in given:
            # Of an attribute that is given twice, browsers take the first.
            attributes.setdefault(
                _restored(attribute), None if value is None else html.unescape(_restored(value))
            )
        source = _restored(self.get_starttag_text() or "")
        self.tokens.append(StartTag(source, _restored(name), attributes, is_closed))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._start(tag, attrs, is_closed=False)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._start(tag, attrs, is_closed=True)

    def handle_endtag(self, tag: str) -> None:
        name = _restored(tag)
        self.tokens.append(EndTag(f"</{name}>", name))

    def handle_data(self, data: str) -> None:
        kind = Text if self.cdata_elem is None else Other
        self.tokens.append(kind(_restored(data)))

    def handle_comment(self, data: str) -> None:
        self.tokens.append(Other(f"<!--{_restored(data)}-->"))

    def handle_decl(self, decl: str) -> None:
        self.tokens.append(Other(f"<!{_restored(decl)}>"))

    def unknown_decl(self, data: str) -> None:
        self.tokens.append(Other(f"<![{_restored(data)}]>"))

    def handle_pi(self, data: str) -> None:
        self.tokens.append(Other(f"<?{_restored(data)}>"))


def _restored(source: str) -> str:
    return source.replace(_AMPERSAND, "&")


def tokens_of(fragment: str) -> list[Token]:
    """The tokens of an HTML fragment, in their order; malformed HTML gives tokens too."""
    tokenizer = _Tokenizer()
    tokenizer.feed(fragment.replace(_AMPERSAND, "").replace("&", _AMPERSAND))
    tokenizer.close()
    return tokenizer.tokens


def start_tag(name: str, attributes: Attributes) -> str:
    """The source of a start tag; an attribute whose value is None stands without one."""
    parts = [
        f" {attribute}" if value is None else f' {attribute}="{html.escape(value)}"'
        for attribute, value in attributes.items()
    ]
    return f"<{name}{''.join(parts)}>"
