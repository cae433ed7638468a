"""Embedded media, from what the editor's oEmbed look-up left in the database.

Nothing here asks a provider: a publish would wait for another's server, and not be repeatable.
"""

from __future__ import annotations

from typing import Any

from pydantic import Field
from wagtail.embeds.embeds import get_embed_hash
from wagtail.embeds.models import Embed as StoredEmbed

from wagtail_delivery.encoding.base import Compilation, Encoder, Json, Location, Schema
from wagtail_delivery.encoding.scalars import Html, Uri


class Embed(Schema):
    """Media of another site, such as a video; all but its URL is null where it is not known."""

    url: Uri = Field(description="Address of the media, as the editor gave it.")
    title: str | None = Field(description="Title that the provider gives it.")
    html: Html | None = Field(description="HTML by the provider that shows the media.")
    width: int | None = Field(description="Width in pixels.")
    height: int | None = Field(description="Height in pixels.")
    provider_name: str | None = Field(description="Name of the provider.")
    thumbnail_url: Uri | None = Field(description="Address of a still image.")


class EmbedEncoder(Encoder):
    """The value of an EmbedBlock; null where it is empty."""

    def __init__(self) -> None:
        super().__init__(Embed | None)

    def encode(self, value: Any, location: Location, compilation: Compilation) -> Json:
        url = getattr(value, "url", value)
        if not url:
            return None
        found = stored_embed(
            url, compilation, getattr(value, "max_width", None), getattr(value, "max_height", None)
        )
        names = ("title", "html", "width", "height", "provider_name", "thumbnail_url")
        return {"url": url} | {name: getattr(found, name, None) or None for name in names}


def stored_embed(
    url: str, compilation: Compilation, max_width: int | None = None, max_height: int | None = None
) -> Any | None:
    """The row that Wagtail keeps of `url` in that size, however old; None where there is none."""
    found = StoredEmbed.objects.filter(hash=get_embed_hash(url, max_width, max_height)).first()
    if found is None:
        # It may come at any time, when an editor looks at the page.
        compilation.depends_on_table(StoredEmbed)
    else:
        compilation.depends_on(found)
    return found
