"""Images of Wagtail's library: sources in several formats and widths, made when a page is published."""

from __future__ import annotations

import base64
import html
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import Any

from django.db import DatabaseError
from PIL import Image as Pillow
from pydantic import Field
from wagtail.images.models import Filter
from wagtail.models import CollectionViewRestriction

from cms.headless.conf import headless_settings
from cms.headless.dependency_keys import identity_of
from cms.headless.representation.base import Compilation, Json, Place, Representation, Schema
from cms.headless.representation.html_tokens import start_tag
from cms.headless.representation.scalars import Uri

logger = logging.getLogger(__name__)

#: Format names as Wagtail has them, and Pillow's.
PILLOW_NAMES = {"avif": "AVIF", "webp": "WEBP", "jpeg": "JPEG", "png": "PNG", "gif": "GIF"}
MEDIA_TYPES = {name: f"image/{name}" for name in PILLOW_NAMES} | {"svg": "image/svg+xml"}
#: What stands in for a format that has no transparency.
WITH_TRANSPARENCY = {"jpeg": "png"}
#: Rendition that the placeholder and the transparency are read from.
THUMBNAIL = "max-16x16|format-png"
#: File name extensions of formats that can be animated.
ANIMATED_EXTENSIONS = (".gif", ".webp", ".png", ".apng", ".avif")


class ImageCandidate(Schema):
    """One file of an image."""

    url: Uri = Field(description="Address of the file; a path is one on the API's own host.")
    width: int = Field(description="Width in pixels.")
    height: int = Field(description="Height in pixels.")


class ImageSource(Schema):
    """An image in one format."""

    type: str = Field(description="Media type of the files, for the `type` of `<source>`.")
    srcset: list[ImageCandidate] = Field(description="The files, from the narrowest on.")


class FocalPoint(Schema):
    """What must stay visible when an image is cropped, in fractions of its width and height."""

    x: float = Field(ge=0, le=1, description="Centre, from the left edge.")
    y: float = Field(ge=0, le=1, description="Centre, from the top edge.")
    width: float = Field(ge=0, le=1, description="Width.")
    height: float = Field(ge=0, le=1, description="Height.")


class Image(Schema):
    """An image in all that a front-end needs for a responsive `<picture>`."""

    id: str = Field(description="Identifier of the image.")
    title: str = Field(description="Title of the image in the library; no alternative text.")
    alt: str = Field(description="Alternative text; empty where the image is decorative.")
    decorative: bool = Field(description="Whether it only decorates, and is to be left unread.")
    width: int = Field(description="Width of the original in pixels.")
    height: int = Field(description="Height of the original in pixels.")
    focal_point: FocalPoint | None = Field(description="What to keep in view; null where not set.")
    placeholder: str | None = Field(
        description="A tiny version as a data: URI, to show while the image loads; null for SVG."
    )
    sources: list[ImageSource] = Field(
        description="The image by format, the best first; empty where its file cannot be read."
    )
    fallback: ImageCandidate | None = Field(
        description="For the `src` of `<img>`: the widest file of the last source."
    )


class ImageRepresentation(Representation):
    """An image of the library; null where there is none or its collection is private."""

    def __init__(self) -> None:
        super().__init__(Image | None)

    def encode(
        self,
        value: Any,
        place: Place,
        compilation: Compilation,
        *,
        alt: str | None = None,
        decorative: bool | None = None,
    ) -> Json:
        """As `Representation.encode`; `alt` and `decorative` are the place's own, if it has them.

        Makes the renditions that are not there yet. Where the file is missing or broken the sources
        are empty and the log says why.
        """
        if value is None:
            return None
        compilation.note(value)
        compilation.note_table(CollectionViewRestriction)
        if not compilation.surroundings.is_public(value):
            return None
        compilation.text_at(place.member("alt", "alt_text"))
        is_decorative = value.decorative if decorative is None else decorative
        files = image_files(value)
        return {
            "id": identity_of(value),
            "title": value.title,
            "alt": "" if is_decorative else alt or value.contextual_alt_text or value.default_alt_text,
            "decorative": bool(is_decorative),
            "width": files.width,
            "height": files.height,
            "focal_point": focal_point(value),
            "placeholder": files.placeholder,
            "sources": files.sources,
            "fallback": files.sources[-1]["srcset"][-1] if files.sources else None,
        }


@dataclass(frozen=True)
class ImageFiles:
    """What there is of an image: its size as shown, its sources and its placeholder."""

    width: int
    height: int
    sources: Sequence[Json] = ()
    placeholder: str | None = None


def image_files(image: Any) -> ImageFiles:
    """The files of `image` by format and width, of which the missing are made now."""
    original = {"url": image.file.url, "width": image.width, "height": image.height}
    if image.is_svg():
        return ImageFiles(image.width, image.height, [_source("svg", [original])])
    renditions = _Renditions(image)
    try:
        thumbnail = renditions.thumbnail()
        placeholder = _placeholder(thumbnail)
        if not renditions.are_there(_formats(thumbnail)) and (moving := _animated_format(image)):
            # A rendition is a still image: who wants it to move gets what was uploaded.
            return ImageFiles(
                image.width, image.height, [_source(moving, [original])], placeholder
            )
        by_format = renditions.by_format(_formats(thumbnail))
    except DatabaseError:
        raise
    except Exception as error:  # storages and image libraries have errors of their own
        logger.warning("Image %s (%s) cannot be read: %s", image.pk, image.file.name, error)
        return ImageFiles(image.width, image.height)
    sources = [_source(name, found) for name, found in by_format.items() if found]
    width, height = image.width, image.height
    if sources:
        shown = sources[-1]["srcset"][-1]
        if (shown["width"] > shown["height"]) != (width > height) and width != height:
            # The camera was held sideways: the file says so, and its renditions stand upright.
            width, height = height, width
    return ImageFiles(width, height, sources, placeholder)
