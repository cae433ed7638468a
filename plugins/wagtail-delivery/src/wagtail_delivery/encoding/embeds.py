"""Embedded media, from the database rows that the editor's oEmbed look-up stored.

No code here requests a provider: publishing would then wait for a foreign server, and would not be
repeatable.
"""

from __future__ import annotations

from typing import Any

from pydantic import Field
from wagtail.embeds.embeds import get_embed_hash
from wagtail.embeds.models import Embed as StoredEmbed

from wagtail_delivery.encoding.base import Compilation, Encoder, Json, Location, Schema
from wagtail_delivery.encoding.scalars import Html, Uri


class Embed(Schema):
    """Media from another site, such as a video; unknown members are null."""

    url: Uri = Field(description="URL of the media, as entered by the editor.")
    title: str | None = Field(description="Title of the media, from the provider.")
    html: Html | None = Field(description="HTML from the provider that embeds the media.")
    width: int | None = Field(description="Width in pixels.")
    height: int | None = Field(description="Height in pixels.")
    provider_name: str | None = Field(description="Name of the provider.")
    thumbnail_url: Uri | None = Field(description="URL of a thumbnail image.")


class EmbedEncoder(Encoder):
    """The value of an EmbedBlock; null if it is empty."""

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
    """Wagtail's stored row for `url` in that size, even an expired one; None without one."""
    found = StoredEmbed.objects.filter(hash=get_embed_hash(url, max_width, max_height)).first()
    if found is None:
        # An editor's view of the page may store the row at any time.
        compilation.depends_on_table(StoredEmbed)
    else:
        compilation.depends_on(found)
    return found
