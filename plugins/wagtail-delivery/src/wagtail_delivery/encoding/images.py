"""Images of Wagtail's library: files in several formats and widths, made at publish."""

from __future__ import annotations

import base64
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from io import BytesIO
from typing import Any, TypeVar

from django.db import DatabaseError
from PIL import Image as Pillow
from pydantic import Field
from wagtail.images.models import Filter

from wagtail_delivery.conf import PILLOW_NAMES, delivery_settings
from wagtail_delivery.content.identity import identity_of
from wagtail_delivery.encoding.base import Compilation, Encoder, Json, Location, Schema
from wagtail_delivery.encoding.html.tokens import start_tag
from wagtail_delivery.encoding.scalars import Uri

logger = logging.getLogger(__name__)

Made = TypeVar("Made")

MEDIA_TYPES = {name: f"image/{name}" for name in PILLOW_NAMES} | {"svg": "image/svg+xml"}
#: What stands in for a format that has no transparency.
WITH_TRANSPARENCY = {"jpeg": "png"}
#: Rendition that the placeholder and the transparency are read from.
THUMBNAIL = "max-16x16|format-png"
#: File name extensions of formats that can be animated and that Wagtail takes.
ANIMATED_EXTENSIONS = (".gif", ".webp")


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


class ImageEncoder(Encoder):
    """An image of the library; null where there is none or its collection is private."""

    def __init__(self) -> None:
        super().__init__(Image | None)

    def encode(
        self,
        value: Any,
        location: Location,
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
        compilation.depends_on(value)
        if not compilation.snapshot.is_public(value):
            return None
        is_decorative = value.decorative if decorative is None else decorative
        own = alt or value.contextual_alt_text
        said = "" if is_decorative else own or value.default_alt_text
        if location.pointer:  # Within running text an image shows nothing of the library.
            language = compilation.snapshot.language_of_library(value)
            compilation.mark_language(location.member("title"), language)
            if said and not own:
                compilation.mark_language(location.member("alt"), language)
        if said and own:
            compilation.mark_text(location.member("alt", "alt_text"))
        files = image_files(value)
        return {
            "id": identity_of(value),
            "title": value.title,
            "alt": said,
            "decorative": bool(is_decorative),
            "width": files.width,
            "height": files.height,
            "focal_point": focal_point(value),
            "placeholder": files.placeholder,
            "sources": list(files.sources),
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
    """The files of `image`; those that are not there yet are made now."""
    found = _attempt(image, lambda: _files(image))
    return found or ImageFiles(int(image.width), int(image.height))


def _attempt(image: Any, make: Callable[[], Made]) -> Made | None:
    """What `make` gives; None, and a warning in the log, where the image's file is at fault."""
    try:
        return make()
    except DatabaseError:
        raise
    except Exception as error:  # storages and image libraries have errors of their own
        logger.warning("Image %s (%s) cannot be made: %r", image.pk, image.file.name, error)
        return None


def _original(image: Any, format_name: str, placeholder: str | None = None) -> ImageFiles:
    """The file as it was uploaded, in its one size."""
    width, height = int(image.width), int(image.height)
    candidate = {"url": image.file.url, "width": width, "height": height}
    return ImageFiles(width, height, [_source(format_name, [candidate])], placeholder)


def _files(image: Any) -> ImageFiles:
    if image.is_svg():
        return _original(image, "svg")
    renditions = _Renditions(image)
    [thumbnail_file] = renditions.get([THUMBNAIL])
    with thumbnail_file.open_file() as opened:
        thumbnail = Pillow.open(opened).convert("RGBA")
    is_opaque = thumbnail.getchannel("A").getextrema()[0] == 255
    placeholder = _data_uri(thumbnail.convert("RGB") if is_opaque else thumbnail)
    specs = {
        name: [f"width-{width}|format-{name}" for width in _widths(image)]
        for name in _format_names(is_opaque=is_opaque)
    }
    if renditions.lack(specs.values()) and (moving := _animated_format(image)):
        # A rendition is a still image: whoever uploaded one that moves wants it to move.
        return _original(image, moving, placeholder)
    sources = []
    for name, of_format in specs.items():
        # A format may not take what another takes: the image still comes in the others.
        if found := _attempt(image, partial(renditions.get, of_format)):
            sources.append(_source(name, _candidates(found)))
    width, height = image.width, image.height
    if sources:
        shown = sources[-1]["srcset"][-1]
        if (shown["width"] - shown["height"]) * (width - height) < 0:
            # The camera was held sideways and the file says so: its renditions stand upright.
            width, height = height, width
    return ImageFiles(width, height, sources, placeholder)


class _Renditions:
    """An image's renditions as the database has them.

    Wagtail's cache of renditions is passed by: it may know some that another transaction made and
    took back, and a document would not come out the same a second time.
    """

    def __init__(self, image: Any) -> None:
        self.image = image
        self.rows = self._stored()

    def _stored(self) -> dict[tuple[str, str], Any]:
        rows = self.image.renditions.order_by("pk")
        return {(row.filter_spec, row.focal_point_key): row for row in rows}

    def _key(self, spec: str) -> tuple[str, str]:
        return spec, Filter(spec).get_cache_key(self.image)

    def lack(self, specs: Iterable[Iterable[str]]) -> bool:
        """Whether any of `specs` is not there yet."""
        return any(self._key(spec) not in self.rows for group in specs for spec in group)

    def get(self, specs: Sequence[str]) -> list[Any]:
        """The renditions for `specs`, of which the missing are made."""
        missing = [Filter(spec) for spec in specs if self._key(spec) not in self.rows]
        if missing:
            self.image.create_renditions(*missing)
            self.rows = self._stored()
        return [self.rows[self._key(spec)] for spec in specs]


def _widths(image: Any) -> list[int]:
    """The widths to make: none wider than the original, and its own where that is not too wide."""
    wanted = sorted(set(delivery_settings().IMAGE_WIDTHS))
    narrower = [width for width in wanted if width < image.width]
    return narrower if wanted and narrower == wanted else [*narrower, image.width]


def _format_names(*, is_opaque: bool) -> list[str]:
    """The wanted formats that this installation can write and that can hold the image."""
    wanted: Sequence[str] = delivery_settings().IMAGE_FORMATS
    names = [name for name in wanted if _can_write(name)] or ["jpeg"]
    if not is_opaque:
        names = [WITH_TRANSPARENCY.get(name, name) for name in names]
    return list(dict.fromkeys(names))


@lru_cache
def _can_write(name: str) -> bool:
    Pillow.init()
    return PILLOW_NAMES.get(name) in Pillow.SAVE


def _data_uri(thumbnail: Pillow.Image) -> str:
    """`thumbnail` as a data: URI, without colour profile and other metadata."""
    name = "webp" if _can_write("webp") else "png"
    buffer = BytesIO()
    thumbnail.info = {}
    thumbnail.save(buffer, PILLOW_NAMES[name], quality=40, optimize=True)
    content = base64.b64encode(buffer.getvalue()).decode("ascii")
    return f"data:{MEDIA_TYPES[name]};base64,{content}"


def _animated_format(image: Any) -> str | None:
    """The format of an image that moves; None where it is still."""
    if not image.file.name.lower().endswith(ANIMATED_EXTENSIONS):
        return None
    with image.open_file() as opened, Pillow.open(opened) as original:
        if not getattr(original, "is_animated", False):
            return None
        names = {pillow_name: name for name, pillow_name in PILLOW_NAMES.items()}
        return names.get(original.format or "")


def _candidates(renditions: Iterable[Any]) -> list[Json]:
    """Files from the narrowest on, each width once."""
    by_width = {
        one.width: {"url": one.url, "width": one.width, "height": one.height} for one in renditions
    }
    return [by_width[width] for width in sorted(by_width)]


def _source(format_name: str, candidates: Sequence[Json]) -> Json:
    return {"type": MEDIA_TYPES[format_name], "srcset": list(candidates)}


def focal_point(image: Any) -> Json:
    """The focal point of `image` in fractions of its size; None where none is set."""
    area = image.get_focal_point()
    if area is None or not image.width or not image.height:
        return None
    fractions = {
        "x": image.focal_point_x / image.width,
        "y": image.focal_point_y / image.height,
        "width": area.width / image.width,
        "height": area.height / image.height,
    }
    return {name: round(min(max(value, 0.0), 1.0), 4) for name, value in fractions.items()}


def picture_html(image: Json, *, css_class: str = "", widest: int | None = None) -> str:
    """`<picture>` for an encoded image; empty where it has no files.

    `widest` is the most pixels that the layout gives it.
    """
    if not image["fallback"]:
        return ""
    sizes = {"sizes": f"(max-width: {widest}px) 100vw, {widest}px"} if widest else {}
    *better, last = image["sources"]
    sources = [
        start_tag("source", {"type": source["type"], "srcset": _srcset(source)} | sizes)
        for source in better
    ]
    attributes = {"src": image["fallback"]["url"]}
    if len(last["srcset"]) > 1:
        attributes |= {"srcset": _srcset(last)} | sizes
    attributes |= {
        "width": str(image["fallback"]["width"]),
        "height": str(image["fallback"]["height"]),
        "alt": image["alt"],
    }
    if css_class:
        attributes["class"] = css_class
    attributes["loading"] = "lazy"
    tag = start_tag("img", attributes)
    return f"<picture>{''.join(sources)}{tag}</picture>" if sources else tag


def _srcset(source: Json) -> str:
    return ", ".join(f"{one['url']} {one['width']}w" for one in source["srcset"])
