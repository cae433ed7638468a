"""Split HTML into tags and text, so everything that is not changed keeps its exact bytes.

The tokens follow the HTML Standard (13.2.5) and are found in one pass in linear time, even in
malformed HTML; Python's own parser takes cubic time for some malformed input and raises errors for
other. Each token keeps its source: joined together, the tokens give the same HTML, except for an
unfinished tag at the very end, which browsers drop as well.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

#: Elements without content and end tag.
VOID_ELEMENTS = frozenset(
    re.findall(r"\w+", "area base br col embed hr img input link meta param source track wbr")
)

#: Elements that begin and end a line of text.
BLOCK_ELEMENTS = frozenset(
    re.findall(
        r"\w+",
        """address article aside blockquote caption center dd details dialog dir div dl dt fieldset
        figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li main menu nav ol
        optgroup option p pre section summary table tbody td tfoot th thead tr ul""",
    )
)

#: Elements whose content, up to their end tag, is not HTML.
RAW_ELEMENTS = frozenset(
    re.findall(r"\w+", "iframe noembed noframes script style textarea title xmp")
)

_SPACE = r"\t\n\f\r "
_TAG_NAME = re.compile(rf"[^{_SPACE}/>]*")
_BETWEEN_ATTRIBUTES = re.compile(rf"[{_SPACE}/]*")
_ATTRIBUTE_NAME = re.compile(rf"[^{_SPACE}/>][^{_SPACE}/>=]*")
_EQUALS = re.compile(rf"[{_SPACE}]*+=[{_SPACE}]*")
_BARE_VALUE = re.compile(rf"[^{_SPACE}>]*")
_TEXT = re.compile(r"(?:[^<]++|<(?![A-Za-z/!?]))++")
_TAG_OPENING = re.compile(r"</?[A-Za-z]")
#: Nearly all tags in stored texts: whatever else is in one, it is read step by step.
_PLAIN_TAG = re.compile(r'</?[A-Za-z][A-Za-z0-9]*((?: [a-z][a-z0-9-]*="[^"&]*")*+)>')
_PLAIN_ATTRIBUTE = re.compile(r' ([a-z0-9-]+)="([^"]*)"')
_COMMENT_END = re.compile(r"--!?>")
_REFERENCE_IN_ATTRIBUTE = re.compile(
    r"&(?:#[0-9]+|#[xX][0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]*+)(?:;|(?![=A-Za-z0-9]))"
)

Attributes = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class StartTag:
    """`<name …>`; attribute values are decoded, None for an attribute without a value."""

    source: str
    name: str
    attributes: dict[str, str | None]
    #: Whether it is self-closing (`<name/>`).
    is_closed: bool
    #: Whether the source has more attributes, which repeat the name of an earlier one.
    has_repeats: bool = False


@dataclass(frozen=True, slots=True)
class EndTag:
    """`</name>`."""

    source: str
    name: str


@dataclass(frozen=True, slots=True)
class TextToken:
    """Text between tags, with its character references as written."""

    source: str

    @property
    def safe_source(self) -> str:
        """The source with `<` escaped: if a tag beside it is removed, no new tag can form."""
        return self.source.replace("<", "&lt;")


@dataclass(frozen=True, slots=True)
class OtherToken:
    """Invisible parts: comments, declarations, and the content of raw elements such as script."""

    source: str


Token = StartTag | EndTag | TextToken | OtherToken


def tokens_of(fragment: str) -> Iterator[Token]:
    """The tokens of an HTML fragment, in order."""
    position = 0
    while position < len(fragment):
        if text := _TEXT.match(fragment, position):
            position = text.end()
            yield TextToken(text.group())
        elif _TAG_OPENING.match(fragment, position):
            tag, position = _tag(fragment, position)
            if tag is None:
                return
            yield tag
            if isinstance(tag, StartTag) and tag.name in RAW_ELEMENTS and not tag.is_closed:
                start, position = position, _raw_end(fragment, position, tag.name)
                if position > start:
                    yield OtherToken(fragment[start:position])
        else:
            start, position = position, _comment_end(fragment, position)
            yield OtherToken(fragment[start:position])


def _end_of(pattern: re.Pattern[str], fragment: str, position: int) -> int:
    """The end of the match of `pattern` at `position`; `position` if there is none."""
    found = pattern.match(fragment, position)
    return found.end() if found else position


def _tag(fragment: str, start: int) -> tuple[StartTag | EndTag | None, int]:
    """The tag that begins at `start`, and its end; None for an unfinished tag."""
    if plain := _PLAIN_TAG.match(fragment, start):
        source = plain.group()
        if not plain[1]:
            return _bare_tag(source), plain.end()
        found = _PLAIN_ATTRIBUTE.findall(plain[1])
        if source[1] != "/" and len(named := dict(found)) == len(found):
            name = source[1 : source.index(" ")].lower()
            return StartTag(source, name, named, is_closed=False), plain.end()
    is_end = fragment[start + 1] == "/"
    name_start = start + 1 + is_end
    position = _end_of(_TAG_NAME, fragment, name_start)
    name = fragment[name_start:position].lower()
    attributes: dict[str, str | None] = {}
    has_repeats = False
    while True:
        gap, position = position, _end_of(_BETWEEN_ATTRIBUTES, fragment, position)
        attribute = _ATTRIBUTE_NAME.match(fragment, position)
        if attribute is None:
            break
        value, position = _attribute_value(fragment, attribute.end())
        attribute_name = attribute.group().lower()
        has_repeats = has_repeats or attribute_name in attributes
        # Browsers use the first of repeated attributes.
        attributes.setdefault(attribute_name, value)
    if position >= len(fragment):
        return None, position
    source = fragment[start : position + 1]
    if is_end:
        return EndTag(source, name), position + 1
    is_closed = fragment[gap:position].endswith("/")
    return StartTag(source, name, attributes, is_closed, has_repeats), position + 1


@lru_cache(maxsize=512)
def _bare_tag(source: str) -> StartTag | EndTag:
    """A tag without attributes. Nobody changes a token, so all with one source are the same."""
    if source[1] == "/":
        return EndTag(source, source[2:-1].lower())
    return StartTag(source, source[1:-1].lower(), {}, is_closed=False)


def _attribute_value(fragment: str, position: int) -> tuple[str | None, int]:
    """The decoded value of an attribute whose name ends at `position`, and the value's end."""
    equals = _EQUALS.match(fragment, position)
    if equals is None:
        return None, position
    position = equals.end()
    quote = fragment[position : position + 1]
    if quote and quote in "\"'":
        end = fragment.find(quote, position + 1)
        if end < 0:
            return None, len(fragment)
        value, position = fragment[position + 1 : end], end + 1
    else:
        end = _end_of(_BARE_VALUE, fragment, position)
        value, position = fragment[position:end], end
    if "&" in value:
        value = _REFERENCE_IN_ATTRIBUTE.sub(lambda found: html.unescape(found.group()), value)
    return value, position


def _raw_end(fragment: str, position: int, name: str) -> int:
    end_tag = re.compile(rf"</{name}(?=[{_SPACE}/>])", re.IGNORECASE)
    found = end_tag.search(fragment, position)
    return found.start() if found else len(fragment)


def _comment_end(fragment: str, start: int) -> int:
    """The end of a comment, declaration or processing instruction."""
    if not fragment.startswith("<!--", start):
        end = fragment.find(">", start)
        return len(fragment) if end < 0 else end + 1
    for empty in ("<!-->", "<!--->"):
        if fragment.startswith(empty, start):
            return start + len(empty)
    found = _COMMENT_END.search(fragment, start + 4)
    return found.end() if found else len(fragment)


def start_tag(name: str, attributes: Attributes) -> str:
    """The source of a start tag; an attribute whose value is None is written without a value."""
    parts = [
        f" {attribute}" if value is None else f' {attribute}="{html.escape(value)}"'
        for attribute, value in attributes.items()
    ]
    return f"<{name}{''.join(parts)}>"
