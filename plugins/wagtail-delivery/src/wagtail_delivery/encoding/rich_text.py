"""Rich text: Wagtail's stored HTML as HTML for front-ends, and as plain text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models
from pydantic import Field
from wagtail.rich_text import RichText as WagtailRichText

from wagtail_delivery.encoding.base import Compilation, Encoder, Json, Location, Schema
from wagtail_delivery.encoding.email_addresses import hide_in_html, hide_in_text
from wagtail_delivery.encoding.html.lists import without_empty_items
from wagtail_delivery.encoding.html.text import html_to_text
from wagtail_delivery.encoding.html.tokens import (
    BLOCK_ELEMENTS,
    VOID_ELEMENTS,
    EndTag,
    OtherToken,
    StartTag,
    TextToken,
    Token,
    start_tag,
    tokens_of,
)
from wagtail_delivery.encoding.rich_text_references import Link, References
from wagtail_delivery.encoding.scalars import Html

#: The editor's own key of a block, of no use to readers and front-ends.
BLOCK_KEY = "data-block-key"
_WHITE_SPACE = " \t\n\r\f"
_CLOSING_PUNCTUATION = (".", ",", ";", ":", "!", "?", ")")


class RichText(Schema):
    """Formatted text, as HTML and as plain text."""

    html: Html = Field(
        description=(
            "The text as HTML, with the elements that the editor allows. Links to pages are "
            "front-end paths in the document's locale (`//host/path` on another site) with the "
            "page's id in `data-id`; `hreflang` marks a page in another language. Links to "
            "documents have `data-type=document`. `<a data-type data-id>` without `href` refers "
            "to other content and shows its title, with `lang` if the title's language differs "
            "from the document's or the surrounding text's. "
            "`<a data-email-user data-email-domain>` is an e-mail link for the front-end to "
            "assemble: `mailto:`, user, `@` and domain, then `?` and `data-email-query` if there "
            "is one. Content that is not public is not linked."
        )
    )
    text: str = Field(description="The same as plain text, with one line per block and list item.")


class RawHtmlEncoder(Encoder):
    """HTML that an editor wrote by hand, unchanged except for e-mail addresses."""

    def __init__(self) -> None:
        super().__init__(Html)

    def encode(self, value: Any, location: Location, compilation: Compilation) -> Json:
        compilation.mark_text(location)
        return hide_in_html(str(value or ""))


class RichTextEncoder(Encoder):
    """A RichTextField or RichTextBlock.

    `type_name` returns the API's name for a page model, for the `data-type` of links to pages.
    """

    def __init__(self, type_name: Callable[[type[models.Model]], str | None] | None = None) -> None:
        super().__init__(RichText)
        self.type_name = type_name

    def encode(self, value: Any, location: Location, compilation: Compilation) -> Json:
        source = value.source if isinstance(value, WagtailRichText) else value
        if not source:
            return {"html": "", "text": ""}
        compilation.mark_text(location)
        references = References(compilation, self.type_name, compilation.language_at(location))
        rewriting = _Rewriting(references)
        for token in tokens_of(source):
            rewriting.add(token)
        html = hide_in_html(without_empty_items(rewriting.html()))
        return {"html": html, "text": hide_in_text(html_to_text(html))}


@dataclass(slots=True)
class _Element:
    """An open element; for an `<a>`, `end` closes it in the output."""

    name: str
    end: str = ""
    #: Whether its content is left out.
    is_replaced: bool = False


class _Rewriting:
    """The rewriting of one value. Everything except references keeps its bytes."""

    def __init__(self, references: References) -> None:
        self.references = references
        self.out: list[str] = []
        self.open: list[_Element] = []
        self.names: Counter[str] = Counter()
        #: Number of open elements that are replaced: output is suppressed while it is not zero.
        self.replaced = 0
        #: Index in the output of the last text in the current visible line.
        self.last_text: int | None = None
        #: Whether a reference was removed since.
        self.has_gap = False

    def html(self) -> str:
        while self.open:
            self._pop()
        self._break_line()
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
                self._put(token.source)

    def _put(self, source: str) -> None:
        if not self.replaced:
            self.out.append(source)

    # Elements

    def _start(self, tag: StartTag) -> None:
        if tag.name == "a":
            self._start_link(tag)
            return
        if tag.name in BLOCK_ELEMENTS or tag.name in {"br", "embed"}:
            self._break_line()
        if tag.name == "embed":
            if not self.replaced:
                self._put(self.references.embed(tag.attributes))
            return
        if BLOCK_KEY in tag.attributes:
            kept = {name: value for name, value in tag.attributes.items() if name != BLOCK_KEY}
            self._put(start_tag(tag.name, kept))
        else:
            self._put(tag.source)
        if tag.name not in VOID_ELEMENTS and not tag.is_closed:
            self._push(_Element(tag.name))

    def _start_link(self, tag: StartTag) -> None:
        if self.replaced:
            # Within a reference: its stored words are never output.
            if not tag.is_closed:
                self._push(_Element("a"))
            return
        self._close_link()
        link = self.references.link(tag.attributes) or Link(tag.source, "</a>")
        self._put(link.start)
        if link.words is not None:
            self._put_words(link)
        if tag.is_closed:
            self._put("" if link.words is not None else link.end)
        elif link.words is not None:
            self._push(_Element("a", is_replaced=True))
        else:
            self._push(_Element("a", link.end))

    def _put_words(self, link: Link) -> None:
        if link.words:
            self._text(link.words)
            self._put(link.end)
        else:
            self.has_gap = True

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
            if tag.name not in {"a", "embed"}:
                self._put(tag.source)
            return
        while self._pop().name != tag.name:
            pass
        if tag.name in BLOCK_ELEMENTS:
            self._break_line()
        if tag.name != "a":
            self._put(tag.source)

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

    # Text, and the gap left by a removed reference

    def _break_line(self) -> None:
        if self.replaced:
            return
        if self.has_gap and self.last_text is not None:
            self.out[self.last_text] = self.out[self.last_text].rstrip(_WHITE_SPACE)
        self.last_text, self.has_gap = None, False

    def _text(self, source: str) -> None:
        if self.replaced:
            return
        if self.has_gap:
            source = self._text_after_gap(source)
        if source:
            self.last_text = len(self.out)
            self.out.append(source)
            self.has_gap = False

    def _text_after_gap(self, source: str) -> str:
        """`source` as it follows a removed reference, without doubling the space there."""
        if self.last_text is None:
            return source.lstrip(_WHITE_SPACE)
        before = self.out[self.last_text]
        if before[-1] not in _WHITE_SPACE:
            return source
        after = source.lstrip(_WHITE_SPACE)
        if after.startswith(_CLOSING_PUNCTUATION):
            self.out[self.last_text] = before.rstrip(_WHITE_SPACE)
        return after
