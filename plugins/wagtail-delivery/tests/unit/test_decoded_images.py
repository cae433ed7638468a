"""An original is decoded once and reduced, and its files are as Wagtail would make them."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.core.files.base import ContentFile
from PIL import Image as Pillow
from PIL import ImageChops, ImageStat
from wagtail.images import get_image_model
from wagtail.images.models import Filter

from wagtail_delivery.encoding.decoded_images import Original, OriginalFilter
from wagtail_delivery.encoding.images import image_files

pytestmark = pytest.mark.django_db

WIDEST = 32
SIZE = (521, 347)


@pytest.fixture(autouse=True)
def few_widths(settings: Any) -> None:
    settings.WAGTAIL_DELIVERY = {"IMAGE_WIDTHS": [8, 15, WIDEST], "IMAGE_FORMATS": ["webp", "jpeg"]}


def make_image(mode: str, format_name: str, size: tuple[int, int] = SIZE, **more: Any) -> Any:
    bands = [Pillow.radial_gradient("L").resize(size), Pillow.linear_gradient("L").resize(size)]
    picture = Pillow.merge("RGB", (bands[0], bands[1], bands[0])).convert(mode)
    if mode == "RGBA":
        picture.putalpha(bands[1])
    buffer = BytesIO()
    picture.save(buffer, format_name, **more)
    file = ContentFile(buffer.getvalue(), f"gambar.{format_name.lower()}")
    return get_image_model().objects.create(title="Pejabat", file=file)


def turned(orientation: int) -> Pillow.Exif:
    exif = Pillow.Exif()
    exif[0x0112] = orientation
    return exif


def made(image: Any, image_filter: Filter) -> Pillow.Image:
    file = image.generate_rendition_file(image_filter)
    file.seek(0)
    picture = Pillow.open(file)
    picture.load()
    return picture


KINDS = [
    ("RGB", "JPEG", {}),
    ("L", "JPEG", {}),
    ("CMYK", "JPEG", {}),
    ("RGB", "JPEG", {"exif": turned(6)}),
    ("RGB", "JPEG", {"exif": turned(3)}),
    ("RGBA", "PNG", {}),
    ("P", "PNG", {}),
    ("1", "PNG", {}),
    ("RGB", "PNG", {"exif": turned(8)}),
    ("RGB", "TIFF", {"exif": turned(6)}),
    ("RGB", "WEBP", {}),
    ("RGB", "AVIF", {}),
]


@pytest.mark.parametrize(("mode", "format_name", "more"), KINDS)
@pytest.mark.parametrize("width", [15, WIDEST])
def test_a_file_has_the_size_and_look_of_wagtails_own(
    mode: str, format_name: str, more: dict[str, Any], width: int
) -> None:
    image = make_image(mode, format_name, **more)
    spec = f"width-{width}|format-webp|webpquality-100"
    ours = made(image, OriginalFilter(spec, Original(image, WIDEST)))
    wagtails = made(image, Filter(spec))
    assert ours.size == wagtails.size
    assert ours.mode == wagtails.mode
    if mode != "1":  # Its dots are averaged in one step or in two.
        difference = ImageChops.difference(ours.convert("RGB"), wagtails.convert("RGB"))
        assert max(ImageStat.Stat(difference).mean) < 4


@pytest.mark.parametrize("size", [(WIDEST * 2, 40), (WIDEST, 9), (WIDEST - 5, 200), (3, 3)])
def test_a_small_original_is_not_reduced(size: tuple[int, int]) -> None:
    image = make_image("RGB", "JPEG", size)
    decoded = Original(image, WIDEST).decoded()
    assert decoded.image.size == size
    spec = "width-15|format-png"
    ours = made(image, OriginalFilter(spec, Original(image, WIDEST)))
    assert ours.tobytes() == made(image, Filter(spec)).tobytes()


@pytest.mark.parametrize("format_name", ["JPEG", "PNG"])
@pytest.mark.parametrize("orientation", [1, 6])
def test_a_large_original_is_kept_small(format_name: str, orientation: int) -> None:
    image = make_image("RGB", format_name, (1600, 1600), exif=turned(orientation))
    decoded = Original(image, WIDEST).decoded()
    assert WIDEST * 2 <= decoded.image.size[0] <= WIDEST * 4
    assert decoded.full_size == (1600, 1600)


def test_the_original_is_read_once_for_all_files(monkeypatch: pytest.MonkeyPatch) -> None:
    image = make_image("RGB", "JPEG")
    decodings: list[Any] = []
    decode = Original._decode
    monkeypatch.setattr(Original, "_decode", lambda self: decodings.append(self) or decode(self))
    monkeypatch.setattr(Filter, "get_willow_image", None)
    files = image_files(image)
    assert [len(source["srcset"]) for source in files.sources] == [3, 3]
    assert files.placeholder
    assert len(decodings) == 1
    image_files(image)
    assert len(decodings) == 1
