"""Rewrite stored rich text for front-ends: resolve references, leave out what is not allowed."""

from __future__ import annotations

import html
from collections import Counter
from dataclasses import dataclass

from wagtail_delivery.encoding.html.runs import INLINE_ELEMENTS
from wagtail_delivery.encoding.html.tokens import (
    BLOCK_ELEMENTS,
    RAW_ELEMENTS,
    VOID_ELEMENTS,
    Attributes,
    EndTag,
    OtherToken,
    StartTag,
    TextToken,
    Token,
    start_tag,
)
from wagtail_delivery.encoding.rich_text_features import AllowedMarkup
from wagtail_delivery.encoding.rich_text_references import NO_LINK, Link, References

_WHITE_SPACE = " \t\n\r\f"
#: Elements whose raw content a reader sees.
_SHOWN_RAW_ELEMENTS = frozenset({"textarea", "xmp"})
_CELLS = frozenset({"td", "th"})
#: Blocks that may contain paragraphs.
_PARAGRAPH_PARENTS = BLOCK_ELEMENTS - frozenset(
    {"p", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "summary"}
)


@dataclass(slots=True)
class _Element:
    """An open element; for an `<a>`, `end` closes it in the output."""

    name: str
    end: str = ""
    #: Whether its content is left out.
    is_replaced: bool = False
    #: Whether its tags are in the output.
    is_kept: bool = True


class Rewriting:
    """The rewriting of one value. Allowed markup keeps its bytes, except for references."""

    def __init__(self, references: References, markup: AllowedMarkup) -> None:
        self.references = references
        self.markup = markup
        self.out: list[str] = []
        self.open: list[_Element] = []
        self.names: Counter[str] = Counter()
        #: Number of open elements that are replaced: output is suppressed while it is not zero.
        self.replaced = 0
        #: Whether an element that makes a line of its own was removed before what follows.
        self.is_separated = False
        #: Whether a paragraph is open that takes the place of such an element.
        self.has_paragraph = False
        #: The language of a part, until a tag before it says so; see `begin_part`.
        self.language_due = ""
        #: Whether a `<span>` is open for it.
        self.has_span = False

    def html(self) -> str:
        while self.open:
            self._pop()
        self._end_paragraph()
        return "".join(self.out)

    def add(self, token: Token) -> None:
        match token:
            case StartTag():
                self._start(token)
            case EndTag():
                self._end(token)
            case TextToken():
                self._text(token.safe_source)
            case OtherToken():
                self._other(token.source)

    def begin_part(self, language: str) -> None:
        """Mark what follows as text in `language`, which is not that of the rest.

        The tag that follows, or the paragraph that takes its place, gets the `lang`. Text that does
        not fill its element gets a `<span>`.
        """
        self.language_due = language
        self.references.languages = {language}

    def end_part(self) -> None:
        """End what `begin_part` began."""
        if self.has_span:
            # Even within a reference that is never closed.
            self.out.append("</span>")
        self.language_due, self.has_span = "", False
        self.references.languages = {self.references.compilation.locale}

    def _put(self, source: str) -> None:
        if source and not self.replaced:
            self.out.append(source)

    # Elements

    def _start(self, tag: StartTag) -> None:
        if tag.name == "a":
            self._start_link(tag)
            return
        kept = self.markup.kept(tag)
        if tag.name == "embed":
            if kept is not None and not self.replaced:
                self._put_block(self.references.embed(kept))
            return
        if kept is not None and tag.name not in INLINE_ELEMENTS:
            kept = {**kept, **self._attributes_due()}
        if kept is None:
            self._leave_out(tag.name)
        elif tag.name in BLOCK_ELEMENTS:
            self._end_paragraph()
            self.is_separated = False
        elif tag.name != "br":
            self._begin_line()
        if kept is not None:
            self._put(_source(tag, kept))
        if tag.name not in VOID_ELEMENTS and not tag.is_closed:
            self._push(_Element(tag.name, is_kept=kept is not None))

    def _start_link(self, tag: StartTag) -> None:
        if self.replaced:
            # Within a reference that shows a title: its stored words are replaced.
            if not tag.is_closed:
                self._push(_Element("a"))
            return
        self._close_link()
        link = self._link(tag)
        if link.start:
            self._begin_line()
        self._put(link.start)
        self._put(link.words)
        is_replaced = bool(link.words)
        if is_replaced or tag.is_closed:
            self._put(link.end)
        if not tag.is_closed:
            end = "" if is_replaced else link.end
            self._push(_Element("a", end, is_replaced, is_kept=bool(link.start)))

    def _link(self, tag: StartTag) -> Link:
        kept = self.markup.kept(tag)
        if kept is None:
            return NO_LINK
        return self.references.link(kept) or Link(_source(tag, kept), "</a>")

    def _close_link(self) -> None:
        """Close an open `<a>`, as a browser does when another begins."""
        if not self.names["a"]:
            return
        for number, element in enumerate(self.open):
            if element.name == "a":
                self._put(element.end)
                del self.open[number]
                self.names["a"] -= 1
                return

    def _end(self, tag: EndTag) -> None:
        if not self.names[tag.name]:
            # It closes nothing. Browsers drop it too, except some for which they add a start tag.
            if tag.name not in {"a", "embed"} and self.markup.allows_element(tag.name):
                self._put(_end_source(tag))
            return
        while (element := self._pop()).name != tag.name:
            pass
        if not element.is_kept:
            if tag.name not in _CELLS:
                self._leave_out(tag.name)
        elif tag.name != "a":
            if tag.name in BLOCK_ELEMENTS:
                self._put_block(_end_source(tag))
            else:
                self._put(_end_source(tag))

    def _push(self, element: _Element) -> None:
        self.open.append(element)
        self.names[element.name] += 1
        self.replaced += element.is_replaced

    def _pop(self) -> _Element:
        element = self.open.pop()
        self.names[element.name] -= 1
        self._put(element.end)
        self.replaced -= element.is_replaced
        return element

    # What is not allowed

    def _other(self, source: str) -> None:
        """Comments are left out, and so is the content of scripts and the like."""
        element = self.open[-1] if self.open else None
        if element is None or element.name not in RAW_ELEMENTS:
            return
        if element.is_kept:
            self._put(source)
        elif element.name in _SHOWN_RAW_ELEMENTS:
            self._text(html.escape(html.unescape(source), quote=False))

    def _leave_out(self, name: str) -> None:
        """Leave out a tag. If it makes a line, the words around it must not run together."""
        if self.replaced or name not in BLOCK_ELEMENTS:
            return
        if name not in _CELLS:
            self._end_paragraph()
            self.is_separated = True
        elif not self.is_separated:
            self._put_space()

    def _begin_line(self) -> None:
        """Put what follows a removed block into a paragraph, or apart where none can be."""
        if self.replaced:
            return
        if self.is_separated:
            self.is_separated = False
            if all(element.name in _PARAGRAPH_PARENTS for element in self.open if element.is_kept):
                self._put(start_tag("p", self._attributes_due()))
                self.has_paragraph = True
            else:
                self._put_space()
        if self.language_due:
            self._put(start_tag("span", self._attributes_due()))
            self.has_span = True

    def _attributes_due(self) -> dict[str, str | None]:
        language, self.language_due = self.language_due, ""
        return {"lang": language} if language else {}

    def _put_block(self, source: str) -> None:
        """Put the end of something that makes a line of its own."""
        if not source:
            return
        self._end_paragraph()
        self._put(source)
        self.is_separated = any(
            not element.is_kept and element.name in BLOCK_ELEMENTS for element in self.open
        )

    def _put_space(self) -> None:
        if self.out and self.out[-1][-1:] not in _WHITE_SPACE:
            self._put(" ")

    def _end_paragraph(self) -> None:
        if self.replaced:
            return
        if self.has_paragraph:
            self._close_link()
            self._put("</p>")
        self.has_paragraph = False

    def _text(self, source: str) -> None:
        if source.strip(_WHITE_SPACE):
            self._begin_line()
        self._put(source)


def _source(tag: StartTag, kept: Attributes) -> str:
    """The source of `tag` with the attributes `kept`."""
    unchanged = kept == tag.attributes and not tag.has_repeats
    return tag.source if unchanged else start_tag(tag.name, kept)


def _end_source(tag: EndTag) -> str:
    """The source of `tag` without attributes, which have no meaning there."""
    is_bare = len(tag.source.rstrip(">" + _WHITE_SPACE)) == len("</") + len(tag.name)
    return tag.source if is_bare else f"</{tag.name}>"
