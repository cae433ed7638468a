"""The envelope of every document: its identity and metadata, beside its own members."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any, Literal, Protocol

from django.db import models
from pydantic import Field
from wagtail.models import Page

from wagtail_delivery.content.identity import identity_of
from wagtail_delivery.encoding.base import Compilation, Json, Location, Schema
from wagtail_delivery.encoding.read_texts import read_title
from wagtail_delivery.encoding.scalars import utc


class Seo(Schema):
    """Texts for search engines and link previews."""

    title: str = Field(description="Title for search engines; the page's title if none is given.")
    description: str = Field(description="Description for search engines; may be empty.")


class Breadcrumb(Schema):
    """An ancestor of the page."""

    id: str = Field(description="Identifier of the page.")
    title: str = Field(description="Title of the page.")
    path: str = Field(description="Front-end path of the page.")


class Alternate(Schema):
    """A locale with this content, the document's own included."""

    locale: str = Field(description="Language code (BCP 47), for hreflang.")


class PageAlternate(Alternate):
    """A locale with this page, the document's own included."""

    path: str = Field(description="Front-end path of the page in that locale.")


#: The description of untranslated lines; their languages are in the members that it names.
LINES = (
    "For each rich text in `untranslated` that is translated in part, or is in several languages, "
    "by its pointer: the lines of its `text`, counted from 0, that are not in the document's "
    "language, but in the one that `%s` names, unless `%s` has the pointer. The other lines are in "
    "the document's language. In its `html`, the same parts have `lang`. Left out if there is no "
    "such text."
)
LINE_LANGUAGES = (
    "For each rich text in `%s` whose lines there are in several languages, by its pointer: the "
    "language (BCP 47) of each of these lines, in the same order. Left out if there is no such "
    "text."
)


class Translation(Schema):
    """Translation status of a document."""

    source_locale: str = Field(description="Language code of the source text.")
    status: Literal["source", "complete", "partial", "stale", "fallback"] = Field(
        description=(
            "`source`: written in this language. `complete`: fully translated, including related "
            "content that it shows, except titles and alternative texts in the image and document "
            "library, which have only one language. `partial`: some texts, its own or of related "
            "content, are not translated. `stale`: the source of its own text, or of "
            "related content that it shows, has changed since. `fallback`: not in the requested "
            "language, but in that of `locale`."
        )
    )
    untranslated: list[str] = Field(
        description=(
            "JSON pointers (RFC 6901) of the values of this document that are not in the language "
            "of `locale`: its own, and those of related content. A front-end marks them with their "
            "language (WCAG 2.2, 3.1.2)."
        )
    )
    languages: dict[str, str] = Field(
        description=(
            "The language (BCP 47) of each text in `untranslated`, by its pointer; of a text in "
            "several, the first."
        )
    )
    stale: list[str] = Field(
        description=(
            "JSON pointers (RFC 6901) of the texts of this document, its own and those of related "
            "content, whose source has other words now than those that were translated. A document "
            "can be `stale` without any: then its source has a text more, or another image, number "
            "or order."
        )
    )
    lines: dict[str, list[int]] = Field(
        default={}, description=LINES % ("languages", "line_languages")
    )
    line_languages: dict[str, list[str]] = Field(default={}, description=LINE_LANGUAGES % "lines")


TRANSLATION = "Translation status, and the texts that are in another language."


class Meta(Schema):
    """Metadata of a document."""

    version: str = Field(
        description="Version of the document, and its ETag; changes whenever anything in it does."
    )
    first_published_at: datetime.datetime | None = Field(
        description="When it was first published; null if not recorded."
    )
    last_published_at: datetime.datetime | None = Field(
        description="When it was last published; null if not recorded."
    )


class SnippetMeta(Meta):
    """Metadata of a translatable document."""

    alternates: list[Alternate] = Field(description="Locales in which it is published.")
    translation: Translation = Field(description=TRANSLATION)


class SiteMeta(Schema):
    """Metadata of a site's document."""

    version: str = Field(
        description="Version of the document, and its ETag; changes whenever anything in it does."
    )
    site: str = Field(description="The site, as host:port.")
    translation: Translation = Field(description=TRANSLATION)


SITE_OF_PAGE = "Site that the page belongs to, as host:port."


class PageMeta(Meta):
    """Metadata of a page."""

    slug: str = Field(description="Last part of the path.")
    site: str = Field(description=SITE_OF_PAGE)
    parent: str | None = Field(
        description="Identifier of the parent page; null at the top, or if that is not public."
    )
    show_in_menus: bool = Field(description="Whether to show the page in menus.")
    seo: Seo = Field(description="Texts for search engines and link previews of the page.")
    breadcrumbs: list[Breadcrumb] = Field(description="Public ancestors of the page, from the top.")
    alternates: list[PageAlternate] = Field(
        description="The page in each locale in which it is published, for hreflang."
    )
    translation: Translation = Field(description=TRANSLATION)


#: Envelope names whose `api_fields` entry means the same, and is not repeated.
SAME_MEANING = frozenset({"id", "locale", "title"})
#: Envelope names with another meaning: an `api_fields` entry gets the type's name as a prefix.
RENAMED = frozenset(
    {
        *("type", "meta", "path", "untranslated", "untranslated_languages"),
        *("untranslated_lines", "untranslated_line_languages"),
    }
)
#: The same for pages, whose cards have their site.
RENAMED_IN_PAGES = RENAMED | {"site"}


class NamedType(Protocol):
    """The part of a content type that the envelope needs."""

    @property
    def name(self) -> str: ...

    @property
    def is_page(self) -> bool: ...


def envelope_members(
    content_type: NamedType, instance: Any, location: Location, compilation: Compilation
) -> dict[str, Json]:
    """The first members of a document or card of `instance`."""
    title_location = location.member("title")
    compilation.mark_title(title_location, instance)
    title, language = read_title(instance, compilation)
    if language:
        compilation.mark_read(title_location, language)
    members: dict[str, Json] = {
        "id": identity_of(instance),
        "type": content_type.name,
        "locale": compilation.snapshot.language_of(instance) or None,
        "title": title,
    }
    if content_type.is_page:
        address = compilation.snapshot.address_of(instance)
        members["path"] = address[1] if address else ""
    return members


def site_of(page: Page, compilation: Compilation) -> str:
    """The site that a page belongs to, as host:port; empty without one."""
    address = compilation.snapshot.address_of(page)
    return address[0] if address else ""


def _moment(value: datetime.datetime | None) -> str | None:
    return utc(value) if value else None


def _dates(instance: Any) -> dict[str, Json]:
    return {
        "first_published_at": _moment(getattr(instance, "first_published_at", None)),
        "last_published_at": _moment(getattr(instance, "last_published_at", None)),
    }


def snippet_meta(instance: models.Model, compilation: Compilation) -> dict[str, Json]:
    """`meta` of a snippet, without version and translation."""
    snapshot = compilation.snapshot
    meta = _dates(instance)
    if snapshot.language_of(instance):
        meta["alternates"] = [
            {"locale": snapshot.language_of(other)}
            for other in snapshot.public_counterparts(instance)
        ]
    return meta


def page_meta(page: Any, location: Location, compilation: Compilation) -> dict[str, Json]:
    """`meta` of a page, without version and translation."""
    snapshot = compilation.snapshot
    ancestors = snapshot.ancestors_of(page)
    breadcrumbs = _breadcrumbs(ancestors, location.member("breadcrumbs"), compilation)
    seo_location = location.member("seo")
    compilation.mark_text(seo_location.member("title", "seo_title" if page.seo_title else "title"))
    compilation.mark_text(seo_location.member("description", "search_description"))
    return {
        **_dates(page),
        "slug": page.slug,
        "site": site_of(page, compilation),
        "parent": (
            breadcrumbs[-1]["id"]
            if breadcrumbs and breadcrumbs[-1]["id"] == identity_of(ancestors[-1])
            else None
        ),
        "show_in_menus": page.show_in_menus,
        "seo": {
            "title": page.seo_title or page.title,
            "description": page.search_description or "",
        },
        "breadcrumbs": breadcrumbs,
        "alternates": [
            {
                "locale": snapshot.language_of(other),
                "path": (snapshot.address_of(other) or ("", ""))[1],
            }
            for other in snapshot.public_counterparts(page)
            if isinstance(other, Page)
        ],
    }


def _breadcrumbs(
    ancestors: Sequence[Page], location: Location, compilation: Compilation
) -> list[dict[str, Json]]:
    found: list[dict[str, Json]] = []
    snapshot = compilation.snapshot
    for ancestor in ancestors:
        compilation.depends_on_address(ancestor)
        if not snapshot.is_public(ancestor):
            continue
        if snapshot.translation_status(ancestor).status != "source":
            # The title's language can change while its text stays the same.
            compilation.depends_on(ancestor)
        with compilation.reading(ancestor):
            compilation.mark_title(location.member(len(found)).member("title"), ancestor)
        address = snapshot.address_of(ancestor)
        found.append(
            {
                "id": identity_of(ancestor),
                "title": ancestor.title,
                "path": address[1] if address else "",
            }
        )
    return found
