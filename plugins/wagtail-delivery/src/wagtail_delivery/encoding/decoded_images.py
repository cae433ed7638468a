"""The original of an image, decoded once and reduced, for all files that are made from it.

Wagtail decodes the original for each rendition, three at a time. For a photograph of 8,000 pixels
that takes longer than writing most files, and half a gigabyte of memory.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

from PIL import ExifTags, ImageOps
from PIL import Image as Pillow
from wagtail.images.image_operations import ImageTransform
from wagtail.images.models import Filter
from willow.plugins.pillow import PillowImage

#: How much wider than the widest file the reduced original is at least. Twice as many pixels in
#: each direction leave no visible difference to the original.
RESERVE = 2
#: Values of EXIF's orientation that turn a picture by 90 degrees.
TURNED = {5, 6, 7, 8}
Size = tuple[int, int]


class DecodedImage(PillowImage):  # type: ignore[misc]
    """A decoded and upright original for Willow; each size is made once for all formats."""

    format_name: ClassVar[str] = "decoded"

    def __init__(self, picture: Pillow.Image, full_size: Size) -> None:
        super().__init__(picture)
        #: The upright original's own size.
        self.full_size = full_size
        self._resized: dict[Size, PillowImage] = {}
        self._lock = threading.Lock()

    def auto_orient(self) -> DecodedImage:
        return self

    def crop(self, rect: Any) -> DecodedImage:
        """The whole picture: `OriginalFilter` crops nothing."""
        return self

    def resize(self, size: Size) -> PillowImage:
        with self._lock:
            if size not in self._resized:
                self._resized[size] = super().resize(size)
            return self._resized[size]


class Original:
    """An image's original, decoded when the first file is made from it."""

    def __init__(self, image: Any, widest: int) -> None:
        self.image = image
        self.widest = widest
        self._decoded: DecodedImage | None = None
        self._lock = threading.Lock()

    def decoded(self) -> DecodedImage:
        """The decoded original; raises what the storage and Pillow raise."""
        with self._lock:
            if self._decoded is None:
                self._decoded = self._decode()
            return self._decoded

    def _decode(self) -> DecodedImage:
        with self.image.open_file() as file:
            file.seek(0)
            picture = Pillow.open(file)
            full_size = picture.size
            if picture.format == "JPEG":
                # Its decoder leaves out what a smaller picture does not need.
                times = self._times(picture)
                picture.draft(None, (full_size[0] // times, full_size[1] // times))
                picture.load()
            else:
                picture.load()
                full_size = picture.size
        if _is_turned(picture):
            full_size = full_size[1], full_size[0]
        return DecodedImage(ImageOps.exif_transpose(self._reduced(picture)), full_size)

    def _reduced(self, picture: Pillow.Image) -> Pillow.Image:
        if picture.mode in {"1", "P"}:
            # Willow does the same before it resizes; a palette cannot be averaged.
            picture = picture.convert("RGBA" if "transparency" in picture.info else "RGB")
        times = self._times(picture)
        if times == 1 or picture.mode.startswith("I;"):
            return picture
        return picture.reduce(times)

    def _times(self, picture: Pillow.Image) -> int:
        """How many times smaller `picture` may become."""
        width = picture.size[1 if _is_turned(picture) else 0]
        return max(1, width // (RESERVE * self.widest))


class OriginalFilter(Filter):  # type: ignore[misc]
    """Wagtail's filter for one spec that resizes and does not crop, on a decoded original."""

    def __init__(self, spec: str, original: Original) -> None:
        super().__init__(spec)
        self.original = original

    @contextmanager
    def get_willow_image(self, image: Any, source: Any = None) -> Iterator[DecodedImage]:
        yield self.original.decoded()

    def get_transform(self, image: Any, size: Size | None = None) -> ImageTransform:
        """The transform to the size that the whole original would give."""
        decoded = self.original.decoded()
        whole = super().get_transform(image, decoded.full_size)
        return ImageTransform(decoded.image.size).resize(whole.size)


def _is_turned(picture: Pillow.Image) -> bool:
    return picture.getexif().get(ExifTags.Base.Orientation) in TURNED
