"""Rich text: Wagtail's stored HTML as HTML for front-ends, and as plain text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

from django.db import models
from pydantic import Field
from wagtail.rich_text import RichText as WagtailRichText

from wagtail_delivery.encoding.base import Compilation, Encoder, Json, Location, Schema
from wagtail_delivery.encoding.email_addresses import hide_in_html, hide_in_text
from wagtail_delivery.encoding.html.lists import without_empty_items
from wagtail_delivery.encoding.html.text import html_to_text
from wagtail_delivery.encoding.html.tokens import StartTag, tokens_of
from wagtail_delivery.encoding.rich_text_features import AllowedMarkup, features_of
from wagtail_delivery.encoding.rich_text_references import References
from wagtail_delivery.encoding.rich_text_rewriting import Rewriting
from wagtail_delivery.encoding.scalars import Html


class RichText(Schema):
    """Formatted text, as HTML and as plain text."""

    html: Html = Field(
        description=(
            "The text as HTML, with the elements that the editor's features allow and no other. "
            "Links to pages are front-end paths in the document's locale (`//host/path` on "
            "another site) with the page's id in `data-id`; `hreflang` marks a page in another "
            "language. Links to "
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
    """HTML that an editor wrote by hand and that may be anything: only e-mail addresses change."""

    def __init__(self) -> None:
        super().__init__(Html)

    def encode(self, value: Any, location: Location, compilation: Compilation) -> Json:
        compilation.mark_text(location)
        return hide_in_html(str(value or ""))


class RichTextEncoder(Encoder):
    """A RichTextField or RichTextBlock, whose `features` and `editor` decide what markup it keeps.

    `type_name` returns the API's name for a page model, for the `data-type` of links to pages.
    """

    def __init__(
        self,
        type_name: Callable[[type[models.Model]], str | None] | None = None,
        features: Sequence[str] | None = None,
        editor: str = "default",
    ) -> None:
        super().__init__(RichText)
        self.type_name = type_name
        self.features = features
        self.editor = editor

    @cached_property
    def markup(self) -> AllowedMarkup:
        """What the text may contain, known once every app has registered its features."""
        return AllowedMarkup(features_of(self.editor, self.features))

    def encode(self, value: Any, location: Location, compilation: Compilation) -> Json:
        source = value.source if isinstance(value, WagtailRichText) else value
        if not source:
            return {"html": "", "text": ""}
        compilation.mark_text(location)
        references = References(compilation, self.type_name, compilation.language_at(location))
        rewriting = Rewriting(references, self.markup)
        tokens = list(tokens_of(source))
        references.load(
            token.attributes
            for token in tokens
            if isinstance(token, StartTag) and token.name == "a"
        )
        for token in tokens:
            rewriting.add(token)
        html = hide_in_html(without_empty_items(rewriting.html()))
        return {"html": html, "text": hide_in_text(html_to_text(html))}
