"""Resolve references in rich text: links to pages and documents, titles, images and embeds."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from wagtail.documents.models import AbstractDocument
from wagtail.embeds.models import Embed
from wagtail.images.formats import get_image_format
from wagtail.images.models import AbstractImage
from wagtail.models import Page, Site
from wagtail.rich_text import features
from wagtail.whitelist import check_url

from wagtail_delivery.content.identity import identity_of
from wagtail_delivery.content.snapshot import Address
from wagtail_delivery.content.titles import untranslated_title_language
from wagtail_delivery.encoding.base import Compilation, Location
from wagtail_delivery.encoding.embeds import stored_embed
from wagtail_delivery.encoding.files import public_document_url
from wagtail_delivery.encoding.html.tokens import Attributes, start_tag
from wagtail_delivery.encoding.images import ImageEncoder, picture_html
from wagtail_delivery.encoding.link_targets import NOT_FOUND, LinkTargets
from wagtail_delivery.encoding.made_addresses import with_known_addresses
from wagtail_delivery.encoding.query_tracking import tracking_reads
from wagtail_delivery.encoding.read_texts import read_languages, read_title

#: Wagtail's names for links that have no `linktype`, by how their `href` begins.
UNTYPED_LINKS = (
    ("http:", "external"),
    ("https:", "external"),
    ("mailto:", "email"),
    ("#", "anchor"),
)
#: Ports that a URL does not name.
STANDARD_PORTS = ("80", "443")


@dataclass(frozen=True, slots=True)
class Link:
    """The replacement of an `<a>`: its tags and, if others take the place of its words, those."""

    start: str
    end: str
    #: HTML in place of the stored words; empty if they stay.
    words: str = ""


@dataclass(frozen=True, slots=True)
class ShownTitle:
    """The title that a reference shows, with the identity of its target and its own language."""

    identity: str
    title: str
    language: str


#: The stored words alone.
NO_LINK = Link("", "")


class References:
    """The references of one rich text value in a document.

    `type_name` returns the API's name for a page model, or None.
    """

    def __init__(
        self,
        compilation: Compilation,
        type_name: Callable[[type[models.Model]], str | None] | None = None,
    ) -> None:
        self.compilation = compilation
        self.snapshot = compilation.snapshot
        self.type_name = type_name
        #: The languages that front-ends may take the surrounding text to be in.
        self.languages = {compilation.locale}
        self.targets = LinkTargets(self.snapshot, compilation.locale)

    def load(self, links: Iterable[Attributes]) -> None:
        """Load the targets of `<a>` elements with these attributes together."""
        handlers = features.get_link_types()
        self.targets.load(
            (handlers[link_type], _handler_attributes(attributes))
            for attributes in links
            if (link_type := attributes.get("linktype") or "") in handlers
        )

    def link(self, attributes: Attributes) -> Link | None:
        """The replacement of an `<a>` with `attributes`; None if it stays as it is."""
        link_type = attributes.get("linktype") or ""
        handlers = features.get_link_types()
        if not link_type:
            link_type = _untyped_link(attributes.get("href") or "")
            if link_type not in handlers:
                return None
        handler = handlers.get(link_type)
        if handler is None:
            return NO_LINK
        given = _handler_attributes(attributes)
        if getattr(handler, "shows_title", False):
            return self._title(link_type, handler, given)
        instance = self.targets.instance(handler, given)
        if isinstance(instance, Page):
            return self._page_link(instance)
        if isinstance(instance, AbstractDocument):
            return self._document_link(instance)
        if instance is None and _handles(handler, Page, AbstractDocument):
            return NO_LINK
        expanded, _ = self._expanded(handler, given, instance)
        return Link(expanded, "</a>") if expanded else NO_LINK

    def _page_link(self, page: Page) -> Link:
        self.compilation.depends_on_address(page)
        found, language = self._counterpart(page)
        address = self.snapshot.address_of(found) if isinstance(found, Page) else None
        if found is None or address is None:
            return NO_LINK
        attributes = {"href": self._href(address)}
        if self.type_name and (name := self.type_name(type(found))):
            attributes["data-type"] = name
        attributes["data-id"] = identity_of(found)
        if language:
            attributes["hreflang"] = language
        return Link(start_tag("a", attributes), "</a>")

    def _document_link(self, document: AbstractDocument) -> Link:
        url = public_document_url(document, self.compilation)
        if url is None:
            return NO_LINK
        attributes = {"href": url, "data-type": "document", "data-id": identity_of(document)}
        return Link(start_tag("a", attributes), "</a>")

    def _title(self, identifier: str, handler: Any, given: dict[str, str]) -> Link:
        """A reference that shows the current title of its target in place of the stored words.

        Where the target is public nowhere, the stored words stay, unlinked: they stand in the text
        that was published. A title that was not published is never read.
        """

        def read(compilation: Compilation) -> ShownTitle | None:
            return self._shown_title(compilation, handler, given)

        if _handles(handler, Page):
            # Whether a page is public may depend on rows that its own address is made of.
            shown = read(self.compilation)
        else:
            shown = self.compilation.once((handler, frozenset(given.items())), read)
        if shown is None:
            return NO_LINK
        attributes = {"data-type": identifier, "data-id": shown.identity}
        self.compilation.record_shown_language(shown.language)
        if shown.language and self.compilation.locale and self.languages != {shown.language}:
            attributes["lang"] = shown.language
        return Link(start_tag("a", attributes), "</a>", html.escape(shown.title, quote=False))

    def _shown_title(
        self, compilation: Compilation, handler: Any, given: dict[str, str]
    ) -> ShownTitle | None:
        """What a reference shows; None if there is nothing public."""
        instance = self.targets.instance(handler, given)
        if instance is None:
            return None
        # The title may come from any field.
        compilation.depends_on(instance)
        found, _ = self._counterpart(instance)
        if found is None:
            return None
        title, foreign = read_title(found, compilation, str)
        if not title:
            return None
        status = self.snapshot.translation_status(found)
        untranslated = untranslated_title_language(found, status, str)
        language = foreign or untranslated or self.snapshot.language_of(found)
        return ShownTitle(identity_of(found), title, language)

    def _expanded(self, handler: Any, given: dict[str, str], instance: Any) -> tuple[str, str]:
        """The output of a project's own handler for a reference; empty if it is not public.

        With the language of its texts if that is not the document's.
        """
        if instance is not None:
            self.compilation.depends_on(instance)
            if not self.snapshot.is_public(instance):
                return "", ""

        def make(_: Any) -> str:
            return str(handler.expand_db_attributes(given))

        try:
            with tracking_reads(self.compilation, instance) as read:
                made = make(instance)
                found = dict(read_languages(self.compilation, made, make, None, read))
                made = with_known_addresses(made, Location(), self.compilation, instance, read)
        except NOT_FOUND:
            return "", ""
        return made, found.get("", "")

    def _counterpart(self, instance: models.Model) -> tuple[models.Model | None, str]:
        """The public counterpart of `instance`, and its language if not the document's."""
        found = self.targets.public_counterpart(instance)
        if found is not None:
            return found, ""
        own = self.snapshot.language_of(instance)
        return self.snapshot.public_counterpart(instance, own), own

    def _href(self, address: Address) -> str:
        """A path, preceded by its host if the document may be on another site."""
        site, path = address
        if self.compilation.site:
            is_elsewhere = site != self.compilation.site
        else:
            is_elsewhere = len({root.site_id for root in Site.get_site_root_paths()}) > 1
        if not is_elsewhere:
            return path
        host, _, port = site.rpartition(":")
        return f"//{host if port in STANDARD_PORTS else site}{path}"

    def embed(self, attributes: Attributes) -> str:
        """The HTML for an `<embed>` with `attributes`; empty if there is nothing to show."""
        handler = features.get_embed_types().get(attributes.get("embedtype") or "")
        if handler is None:
            return ""
        given = _handler_attributes(attributes)
        if _handles(handler, Embed):
            return self._media(given.get("url", ""))
        instance = self.targets.instance(handler, given)
        if isinstance(instance, AbstractImage):
            return self._image(instance, given)
        if instance is None and _handles(handler, AbstractImage):
            return ""
        expanded, language = self._expanded(handler, given, instance)
        if not language:
            return expanded
        self.compilation.record_shown_language(language)
        return f"{start_tag('div', {'lang': language})}{expanded}</div>"

    def _image(self, image: AbstractImage, given: dict[str, str]) -> str:
        alt = given.get("alt", "")
        encoded = ImageEncoder().encode(
            image, Location(), self.compilation, alt=alt, decorative=not alt
        )
        if encoded is None:
            return ""
        try:
            layout = get_image_format(given.get("format"))
        except KeyError:
            return picture_html(encoded)
        width = re.search(r"(?:width-|max-|fill-)(\d+)", layout.filter_spec)
        return picture_html(
            encoded, css_class=layout.classname or "", widest=int(width[1]) if width else None
        )

    def _media(self, url: str) -> str:
        if not url or not check_url(url):
            return ""
        found = stored_embed(url, self.compilation)
        if found is not None and found.html:
            return f"<div>{found.html}</div>"
        return f"<p>{start_tag('a', {'href': url})}{html.escape(url, quote=False)}</a></p>"


def _untyped_link(href: str) -> str:
    return next((name for start, name in UNTYPED_LINKS if href.startswith(start)), "")


def _handler_attributes(attributes: Attributes) -> dict[str, str]:
    """Attributes in the form that Wagtail's handlers expect: without None."""
    return {name: value or "" for name, value in attributes.items()}


def _handles(handler: Any, *value_types: type[models.Model]) -> bool:
    """Whether `handler` handles references to instances of `value_types`."""
    try:
        return issubclass(handler.get_model(), value_types)
    except (AttributeError, NotImplementedError):
        return False
