"""What every document has beside its own members: who it is, and what is known about it."""

from __future__ import annotations

import datetime
from typing import Any, Literal, Protocol

from django.db import models
from pydantic import Field
from wagtail.models import Page

from wagtail_delivery.content.identity import identity_of
from wagtail_delivery.content.titles import title_of
from wagtail_delivery.encoding.base import Compilation, Json, Location, Schema
from wagtail_delivery.encoding.scalars import utc


class Seo(Schema):
    """What search engines and link previews show."""

    title: str = Field(
        description="Title for search engines; the page's title where none is given."
    )
    description: str = Field(description="Description for search engines; may be empty.")


class Breadcrumb(Schema):
    """A page above this one."""

    id: str = Field(description="Identifier of the page.")
    title: str = Field(description="Title of the page.")
    path: str = Field(description="Front-end path of the page.")


class Alternate(Schema):
    """The same thing in a locale, this one included."""

    locale: str = Field(description="Language code (BCP 47), as hreflang takes it.")


class PageAlternate(Alternate):
    """The same page in a locale, this one included."""

    path: str = Field(description="Front-end path of the page in that locale.")


class Translation(Schema):
    """How the language of this document came about."""

    source_locale: str = Field(description="Language code of the text that was translated.")
    status: Literal["source", "complete", "partial", "stale", "fallback"] = Field(
        description=(
            "`source`: written in this language. `complete`: translated, and so is all that it "
            "shows, but for titles and alternative texts of the library of images and documents, "
            "which have one language. `partial`: some texts, its own or of what it shows, are not "
            "translated. `stale`: the source of its own text has changed since. "
            "`fallback`: not in the language that was asked for, but in that of `locale`."
        )
    )
    untranslated: list[str] = Field(
        description=(
            "JSON pointers (RFC 6901) of the values of this document that are not in the language "
            "of `locale`: its own and those of what it shows. A front-end marks them with their "
            "language (WCAG 2.2, 3.1.2)."
        )
    )
    languages: dict[str, str] = Field(
        description="The language (BCP 47) of each text in `untranslated`, by its pointer."
    )


TRANSLATION = "How its language came about, and which of its texts are in another one."


class Meta(Schema):
    """What is known about a document."""

    version: str = Field(description="Changes whenever anything in the document changes; its ETag.")
    first_published_at: datetime.datetime | None = Field(
        description="When it was first published; null where that is not recorded."
    )
    last_published_at: datetime.datetime | None = Field(
        description="When it was last published; null where that is not recorded."
    )


class SnippetMeta(Meta):
    """What is known about a document that can be translated."""

    alternates: list[Alternate] = Field(description="The locales that it is published in.")
    translation: Translation = Field(description=TRANSLATION)


class SiteMeta(Schema):
    """What is known about a site's document."""

    version: str = Field(description="Changes whenever anything in the document changes; its ETag.")
    site: str = Field(description="The site, as host:port.")
    translation: Translation = Field(description=TRANSLATION)


class PageMeta(Meta):
    """What is known about a page."""

    slug: str = Field(description="Last part of the path.")
    site: str = Field(description="Site that the page belongs to, as host:port.")
    parent: str | None = Field(
        description="Identifier of the page above; null at the top and where that is not public."
    )
    show_in_menus: bool = Field(description="Whether an editor wants it in menus.")
    seo: Seo = Field(description="What search engines and link previews show of the page.")
    breadcrumbs: list[Breadcrumb] = Field(description="The public pages above, from the top.")
    alternates: list[PageAlternate] = Field(description="The page in every locale, for hreflang.")
    translation: Translation = Field(description=TRANSLATION)


#: Names that the envelope uses; an `api_fields` entry of the same meaning is not repeated.
SAME_MEANING = frozenset({"id", "locale", "title"})
#: Names that an `api_fields` entry cannot have: it gets the type's name in front.
RENAMED = frozenset({"type", "meta", "path", "untranslated", "untranslated_languages"})


class NamedType(Protocol):
    """A content type, as far as the envelope needs it."""

    @property
    def name(self) -> str: ...

    @property
    def is_page(self) -> bool: ...


def envelope_members(
    content_type: NamedType, instance: Any, location: Location, compilation: Compilation
) -> dict[str, Json]:
    """The first members of a document or card of `instance`."""
    compilation.mark_title(location.member("title"), instance)
    members: dict[str, Json] = {
        "id": identity_of(instance),
        "type": content_type.name,
        "locale": compilation.snapshot.language_of(instance) or None,
        "title": title_of(instance),
    }
    if content_type.is_page:
        address = compilation.snapshot.address_of(instance)
        members["path"] = address[1] if address else ""
    return members


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
    address = snapshot.address_of(page)
    breadcrumbs = _breadcrumbs(page, location.member("breadcrumbs"), compilation)
    parent = page.get_parent()
    seo_location = location.member("seo")
    compilation.mark_text(seo_location.member("title", "seo_title" if page.seo_title else "title"))
    compilation.mark_text(seo_location.member("description", "search_description"))
    return {
        **_dates(page),
        "slug": page.slug,
        "site": address[0] if address else "",
        "parent": (
            breadcrumbs[-1]["id"]
            if breadcrumbs and breadcrumbs[-1]["id"] == identity_of(parent)
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


def _breadcrumbs(page: Page, location: Location, compilation: Compilation) -> list[Json]:
    found: list[Json] = []
    snapshot = compilation.snapshot
    # As their own models, which may have a way of their own to make addresses.
    for ancestor in page.get_ancestors().filter(depth__gt=1).specific(defer=True):
        compilation.depends_on_address(ancestor)
        if not snapshot.is_public(ancestor):
            continue
        if snapshot.translation_status(ancestor).status != "source":
            # Its title can get another language with the same words.
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
