"""Rich text: Wagtail's stored HTML as HTML for front-ends, and as plain text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

from django.db import models
from pydantic import Field
from wagtail.rich_text import RichText as WagtailRichText

from wagtail_delivery.content.translation_status import UntranslatedParts
from wagtail_delivery.encoding.base import Compilation, Encoder, Json, Location, Schema
from wagtail_delivery.encoding.email_addresses import hide_in_html, hide_in_text
from wagtail_delivery.encoding.html.lists import without_empty_items
from wagtail_delivery.encoding.html.runs import fills_element, text_runs
from wagtail_delivery.encoding.html.text import html_to_text, languages_of_lines
from wagtail_delivery.encoding.html.tokens import StartTag, Token, tokens_of
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
        language = compilation.language_at(location)
        tokens = list(tokens_of(source))
        parts = _untranslated_runs(tokens, compilation.untranslated_parts(location), language)
        references = References(compilation, self.type_name)
        references.load(
            token.attributes
            for token in tokens
            if isinstance(token, StartTag) and token.name == "a"
        )
        rewriting = Rewriting(references, self.markup)
        if not parts:
            # A front-end marks the whole text.
            references.languages.add(language)
        _rewrite(tokens, parts, rewriting)
        html = hide_in_html(without_empty_items(rewriting.html()))
        if parts:
            spoken = {language for _, language in parts}
            compilation.mark_lines(location, languages_of_lines(html, spoken))
        return {"html": html, "text": hide_in_text(html_to_text(html))}


def _untranslated_runs(
    tokens: Sequence[Token], parts: UntranslatedParts | None, language: str
) -> list[tuple[range, str]]:
    """The runs of text that `parts` names, each with its language, which is `language` for most.

    None if they do not fit the text.
    """
    if parts is None:
        return []
    runs = text_runs(tokens)
    if len(runs) != parts.count:
        return []
    return [
        (run, parts.languages.get(number, language))
        for number, run in enumerate(runs)
        if number in parts.numbers
    ]


def _rewrite(
    tokens: Sequence[Token], parts: Sequence[tuple[range, str]], rewriting: Rewriting
) -> None:
    """Rewrite `tokens`, of which `parts` are in these languages."""
    # A part that fills its element begins with the element's tag.
    begins = {part.start - fills_element(tokens, part): language for part, language in parts}
    ends = {part.stop - 1 for part, _ in parts}
    for index, token in enumerate(tokens):
        if index in begins:
            rewriting.begin_part(begins[index])
        rewriting.add(token)
        if index in ends:
            rewriting.end_part()
