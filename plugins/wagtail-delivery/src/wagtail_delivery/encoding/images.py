"""Images of Wagtail's library: files in several formats and widths, made at publish."""

from __future__ import annotations

import base64
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache, partial
from io import BytesIO
from typing import Any, TypeVar

from django.db import DatabaseError, models
from PIL import Image as Pillow
from pydantic import Field
from wagtail.images.models import Filter

from wagtail_delivery.conf import PILLOW_NAMES, delivery_settings
from wagtail_delivery.content.identity import identity_of
from wagtail_delivery.encoding.base import (
    Compilation,
    Encoder,
    EncodingError,
    Json,
    Location,
    Schema,
)
from wagtail_delivery.encoding.decoded_images import Original, OriginalFilter
from wagtail_delivery.encoding.files import public_address
from wagtail_delivery.encoding.html.tokens import start_tag
from wagtail_delivery.encoding.image_faults import may_create_files, record_fault
from wagtail_delivery.encoding.library_texts import default_alt_text, shown_file
from wagtail_delivery.encoding.scalars import Uri
from wagtail_delivery.models import ImagePlaceholder

logger = logging.getLogger(__name__)

Made = TypeVar("Made")

MEDIA_TYPES = {name: f"image/{name}" for name in PILLOW_NAMES} | {"svg": "image/svg+xml"}
#: Replacements for formats that have no transparency.
WITH_TRANSPARENCY = {"jpeg": "png"}
#: File name extensions of formats that can be animated and that Wagtail accepts.
ANIMATED_EXTENSIONS = (".gif", ".webp")
#: Wagtail's spec of the version that the placeholder is made of, and transparency detected in.
THUMBNAIL = "max-16x16|format-png"


class ImageCandidate(Schema):
    """One file of an image."""

    url: Uri = Field(description="URL of the file; a path is relative to the API's host.")
    width: int = Field(description="Width in pixels.")
    height: int = Field(description="Height in pixels.")


class ImageSource(Schema):
    """The files of an image in one format."""

    type: str = Field(description="Media type of the files, for the `type` of `<source>`.")
    srcset: list[ImageCandidate] = Field(description="The files, from narrowest to widest.")


class FocalPoint(Schema):
    """The area to keep visible when cropping, as fractions of the image's width and height."""

    x: float = Field(ge=0, le=1, description="Centre of the area, from the left edge.")
    y: float = Field(ge=0, le=1, description="Centre of the area, from the top edge.")
    width: float = Field(ge=0, le=1, description="Width of the area.")
    height: float = Field(ge=0, le=1, description="Height of the area.")


class Image(Schema):
    """An image with everything that a responsive `<picture>` needs."""

    id: str = Field(description="Identifier of the image.")
    title: str = Field(
        description="Title of the image in the media library; not an alternative text."
    )
    alt: str = Field(description="Alternative text; empty if the image is decorative.")
    decorative: bool = Field(
        description="Whether the image is decorative, to be ignored by screen readers."
    )
    width: int = Field(description="Width of the original in pixels.")
    height: int = Field(description="Height of the original in pixels.")
    focal_point: FocalPoint | None = Field(
        description="The area to keep visible when cropping; null if not set."
    )
    placeholder: str | None = Field(
        description=(
            "A tiny version as a data: URI, to show while the image loads; null for SVG, and if "
            "the file cannot be read."
        )
    )
    sources: list[ImageSource] = Field(
        description="The image in each format, best first; empty if its file cannot be read."
    )
    fallback: ImageCandidate | None = Field(
        description=(
            "For the `src` of `<img>`: the widest file of the last source; null if there are no "
            "sources."
        )
    )


class ImageEncoder(Encoder):
    """An image of the library; null if there is none or its collection is private."""

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
        """As `Encoder.encode`; `alt` and `decorative` replace the image's own values if given.

        Creates missing renditions. If the file is missing or broken, the sources are empty and the
        fault is recorded. Raises StorageError if the storage fails.
        """
        if value is None:
            return None
        compilation.depends_on(value)
        if not compilation.snapshot.is_public(value):
            return None
        is_decorative = value.decorative if decorative is None else decorative
        own = alt or value.contextual_alt_text
        title, default_alt = value.title, default_alt_text(value)
        if location.pointer:  # Within rich text an image shows no text of the library.
            shown = shown_file(value, compilation)
            title, default_alt = shown.file.title, default_alt_text(shown.file)
            shown.mark(location.member("title"), "title", compilation)
            if default_alt and not own and not is_decorative:
                shown.mark_made(location.member("alt"), default_alt_text, compilation)
        shown_alt = "" if is_decorative else own or default_alt
        if shown_alt and own:
            compilation.mark_text(location.member("alt", "alt_text"))
        files = image_files(value)
        for name in files.names:
            compilation.shows_file(name)
        return {
            "id": identity_of(value),
            "title": title,
            "alt": shown_alt,
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
    """The files of an image: its size as displayed, its sources and its placeholder.

    `names` are the files' names in their storage.
    """

    width: int
    height: int
    sources: Sequence[Json] = ()
    placeholder: str | None = None
    names: Sequence[str] = ()


def image_files(image: Any) -> ImageFiles:
    """The files of `image`; creates those that do not exist yet."""
    found = _attempt(image, lambda: _files(image))
    return found or ImageFiles(int(image.width), int(image.height))


def _attempt(image: Any, make: Callable[[], Made]) -> Made | None:
    """The result of `make`; None, and a logged warning, if the image's file is at fault.

    Raises StorageError if the storage is.
    """
    try:
        return make()
    except (DatabaseError, EncodingError):
        raise
    except Exception as error:  # storages and image libraries raise errors of their own
        record_fault(image)
        logger.warning("Image %s (%s) cannot be processed: %r", image.pk, image.file.name, error)
        return None


def _original(image: Any, format_name: str, placeholder: str | None = None) -> ImageFiles:
    """Only the uploaded file, in its own size."""
    width, height = int(image.width), int(image.height)
    candidate = {"url": public_address(image.file.url), "width": width, "height": height}
    sources = [_source(format_name, [candidate])]
    return ImageFiles(width, height, sources, placeholder, [image.file.name])


def _files(image: Any) -> ImageFiles:
    if image.is_svg():
        return _original(image, "svg")
    widths = _widths(image)
    original = Original(image, widths[-1])
    placeholder = _placeholder(image, original)
    if placeholder.animated_format:
        # A rendition is a still image; an animated upload must stay animated.
        return _original(image, placeholder.animated_format, placeholder.uri)
    renditions = _Renditions(image, original)
    sources = []
    names: list[str] = []
    for name, of_format in _specs(widths, placeholder).items():
        # One format may fail where others work: the image still comes in those.
        if found := _attempt(image, partial(renditions.get, of_format)):
            sources.append(_source(name, _candidates(found)))
            names += [rendition.file.name for rendition in found]
    width, height = image.width, image.height
    if sources:
        shown = sources[-1]["srcset"][-1]
        if (shown["width"] - shown["height"]) * (width - height) < 0:
            # The file's EXIF data rotates it by 90 degrees: its renditions are upright.
            width, height = height, width
    return ImageFiles(width, height, sources, placeholder.uri, names)


def _specs(widths: Sequence[int], placeholder: ImagePlaceholder) -> dict[str, list[str]]:
    """Wagtail's specs of an image's files, by format."""
    return {
        name: [f"width-{width}|format-{name}" for width in widths]
        for name in _format_names(is_opaque=placeholder.is_opaque)
    }


def missing_files(image: Any) -> Iterator[Callable[[], object]]:
    """Make what documents will need of `image` and does not exist, one after the other.

    Nothing is stored until what is yielded is called. Raises what the storage and Pillow raise if
    the original cannot be read.
    """
    if image.is_svg():
        return
    widths = _widths(image)
    original = Original(image, widths[-1])
    placeholder = _stored_placeholder(image)
    if placeholder is None:
        placeholder = _make_placeholder(image, original)
        yield partial(_replace_placeholder, placeholder)
    if placeholder.animated_format:
        return
    renditions = _Renditions(image, original)
    for name, specs in _specs(widths, placeholder).items():
        try:
            for spec in specs:
                if not renditions.has(spec):
                    yield renditions.made(spec)
        except (DatabaseError, EncodingError):
            raise
        except Exception as error:  # a format that this image cannot be converted to
            logger.info("Image %s cannot be a %s: %r", image.pk, name, error)


class _Renditions:
    """An image's renditions as stored in the database.

    Wagtail's rendition cache is bypassed: it may hold renditions of a transaction that was rolled
    back, and a second compilation would then give a different document.
    """

    def __init__(self, image: Any, original: Original) -> None:
        self.image = image
        self.original = original
        self.rows = self._stored()

    def _stored(self) -> dict[tuple[str, str], Any]:
        rows = self.image.renditions.order_by("pk")
        return {(row.filter_spec, row.focal_point_key): row for row in rows}

    def _key(self, spec: str) -> tuple[str, str]:
        return spec, Filter(spec).get_cache_key(self.image)

    def has(self, spec: str) -> bool:
        return self._key(spec) in self.rows

    def made(self, spec: str) -> Callable[[], object]:
        """Make a rendition in memory; what is returned stores it, unless another one is there."""
        spec, focal_point_key = self._key(spec)
        file = self.image.generate_rendition_file(OriginalFilter(spec, self.original))
        return partial(
            self.image.renditions.get_or_create,
            filter_spec=spec,
            focal_point_key=focal_point_key,
            defaults={"file": file},
        )

    def get(self, specs: Sequence[str]) -> list[Any]:
        """The renditions for `specs`; creates the missing ones."""
        missing = [
            OriginalFilter(spec, self.original)
            for spec in specs
            if self._key(spec) not in self.rows
        ]
        if missing:
            self.image.create_renditions(*missing)
            self.rows = self._stored()
        return [self.rows[self._key(spec)] for spec in specs]


def _widths(image: Any) -> list[int]:
    """The widths to create: the wanted ones below the original's; its own unless it is wider."""
    wanted = sorted(set(delivery_settings().IMAGE_WIDTHS))
    narrower = [width for width in wanted if width < image.width]
    return narrower if wanted and narrower == wanted else [*narrower, image.width]


def _format_names(*, is_opaque: bool) -> list[str]:
    """The configured formats that this installation can write, and that suit the image."""
    wanted: Sequence[str] = delivery_settings().IMAGE_FORMATS
    names = [name for name in wanted if _can_write(name)] or ["jpeg"]
    if not is_opaque:
        names = [WITH_TRANSPARENCY.get(name, name) for name in names]
    return list(dict.fromkeys(names))


@lru_cache
def _can_write(name: str) -> bool:
    Pillow.init()
    return PILLOW_NAMES.get(name) in Pillow.SAVE


def _placeholder(image: Any, original: Original) -> ImagePlaceholder:
    """The stored placeholder of `image`, made from its file if there is none of that file."""
    stored = _stored_placeholder(image)
    if stored is not None:
        return stored
    made = _make_placeholder(image, original)
    if may_create_files():
        _replace_placeholder(made)
    return made


def _stored_placeholder(image: Any) -> ImagePlaceholder | None:
    key = image_key(type(image), image.pk)
    return ImagePlaceholder.objects.filter(image=key, file=image.file.name).first()


def _make_placeholder(image: Any, original: Original) -> ImagePlaceholder:
    file = image.generate_rendition_file(OriginalFilter(THUMBNAIL, original))
    file.seek(0)
    thumbnail = Pillow.open(file).convert("RGBA")
    is_opaque = thumbnail.getchannel("A").getextrema()[0] == 255
    return ImagePlaceholder(
        image=image_key(type(image), image.pk),
        file=image.file.name,
        is_opaque=is_opaque,
        animated_format=_animated_format(image),
        uri=_data_uri(thumbnail.convert("RGB") if is_opaque else thumbnail),
    )


def _replace_placeholder(made: ImagePlaceholder) -> None:
    ImagePlaceholder.objects.filter(image=made.image).delete()
    made.save()


def is_animated(image: Any) -> bool:
    """Whether `image` moves; False if its file cannot be read, which is no fault here."""
    name = image.file.name
    if not name.lower().endswith(ANIMATED_EXTENSIONS):
        return False
    stored = _stored_placeholder(image)
    if stored is not None:
        return bool(stored.animated_format)
    with suppress(Exception):  # storages and image libraries raise errors of their own
        return bool(_animated_format(image))
    return False


def remove_placeholder(model: type[models.Model], pk: Any) -> None:
    """Remove the placeholder of the image `pk` of `model`: it, or its file, was replaced."""
    ImagePlaceholder.objects.filter(image=image_key(model, pk)).delete()


def image_key(model: type[models.Model], pk: Any) -> str:
    """How the store's tables name the image `pk` of `model`."""
    return f"{model._meta.label_lower}:{pk}"


def _data_uri(thumbnail: Pillow.Image) -> str:
    """`thumbnail` as a data: URI, without a colour profile or other metadata."""
    name = "webp" if _can_write("webp") else "png"
    buffer = BytesIO()
    thumbnail.info = {}
    thumbnail.save(buffer, PILLOW_NAMES[name], quality=40, optimize=True)
    content = base64.b64encode(buffer.getvalue()).decode("ascii")
    return f"data:{MEDIA_TYPES[name]};base64,{content}"


def _animated_format(image: Any) -> str:
    """The format of an animated image; "" for a still one."""
    with image.open_file() as opened, Pillow.open(opened) as original:
        if not getattr(original, "is_animated", False):
            return ""
        names = {pillow_name: name for name, pillow_name in PILLOW_NAMES.items()}
        return names.get(original.format or "", "")


def _candidates(renditions: Iterable[Any]) -> list[Json]:
    """The files from narrowest to widest, one per width."""
    by_width = {
        rendition.width: {
            "url": public_address(rendition.url),
            "width": rendition.width,
            "height": rendition.height,
        }
        for rendition in renditions
    }
    return [by_width[width] for width in sorted(by_width)]


def _source(format_name: str, candidates: Sequence[Json]) -> Json:
    return {"type": MEDIA_TYPES[format_name], "srcset": list(candidates)}


def focal_point(image: Any) -> Json:
    """The focal point of `image` in fractions of its size; None if it has none."""
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
    """`<picture>` for an encoded image; empty if it has no files.

    `widest` is the maximum width in pixels that the layout gives it.
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
    return ", ".join(f"{candidate['url']} {candidate['width']}w" for candidate in source["srcset"])
