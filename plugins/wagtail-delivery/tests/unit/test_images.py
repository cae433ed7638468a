from __future__ import annotations

import base64
import logging
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, InMemoryStorage
from PIL import Image as Pillow
from pydantic import TypeAdapter
from wagtail.images import get_image_model
from wagtail.images.blocks import ImageBlock
from wagtail.models import Collection, CollectionViewRestriction

from wagtail_delivery.content.dependency_keys import key_of, table_key
from wagtail_delivery.content.translation_status import TranslationStatus
from wagtail_delivery.encoding import images
from wagtail_delivery.encoding.base import Compilation, Location
from wagtail_delivery.encoding.html.tokens import StartTag, tokens_of
from wagtail_delivery.encoding.images import ImageEncoder
from wagtail_delivery.encoding.rich_text import RichTextEncoder
from wagtail_delivery.models import ImagePlaceholder

MakeCompilation = Callable[..., Compilation]
Encode = Callable[..., Any]

WIDTHS = [8, 16, 32]


@pytest.fixture(autouse=True)
def few_widths(settings: Any) -> None:
    settings.WAGTAIL_DELIVERY = getattr(django_settings, "WAGTAIL_DELIVERY", {}) | {
        "IMAGE_WIDTHS": WIDTHS,
        "IMAGE_FORMATS": ["avif", "webp", "jpeg"],
    }


def picture(
    format_name: str, size: tuple[int, int] = (64, 32), mode: str = "RGB", **more: Any
) -> bytes:
    buffer = BytesIO()
    noise = Pillow.effect_noise(size, 90).convert("RGB")
    image = noise if mode == "RGB" else noise.convert(mode)
    if mode in {"RGBA", "LA"}:
        image.putpixel((0, 0), (0,) * len(image.getbands()))
    image.save(buffer, format_name, **more)
    return buffer.getvalue()


def moving_picture(format_name: str) -> bytes:
    frames = [Pillow.new("RGB", (64, 32), colour) for colour in ("red", "green", "blue")]
    buffer = BytesIO()
    frames[0].save(
        buffer, format_name, save_all=True, append_images=frames[1:], duration=50, loop=0
    )
    return buffer.getvalue()


def make_image(content: bytes | None = None, name: str = "gambar.jpg", **more: Any) -> Any:
    content = picture("JPEG") if content is None else content
    return get_image_model().objects.create(
        title="Pejabat", file=ContentFile(content, name=name), **more
    )


@pytest.fixture
def encode(make_compilation: MakeCompilation) -> Encode:
    def encoded(image: Any, **options: Any) -> Any:
        result = ImageEncoder().encode(image, Location(), make_compilation(), **options)
        TypeAdapter(ImageEncoder().annotation).validate_python(result, strict=True)
        return result

    return encoded


def widths(encoded: Any) -> dict[str, list[int]]:
    return {
        source["type"]: [candidate["width"] for candidate in source["srcset"]]
        for source in encoded["sources"]
    }


def test_no_image_is_null(encode: Encode) -> None:
    assert encode(None) is None


def test_an_image_has_sources_in_every_format_and_width(
    make_compilation: MakeCompilation, encode: Encode
) -> None:
    image = make_image()
    encoded = encode(image)
    assert widths(encoded) == {
        "image/avif": WIDTHS,
        "image/webp": WIDTHS,
        "image/jpeg": WIDTHS,
    }
    assert encoded["fallback"] == encoded["sources"][-1]["srcset"][-1]
    assert encoded["fallback"]["height"] == 16
    assert (encoded["width"], encoded["height"]) == (64, 32)
    assert encoded["id"] == str(image.pk)
    storage = image.file.storage
    for source in encoded["sources"]:
        for candidate in source["srcset"]:
            assert candidate["url"].startswith("/media/images/gambar")
            name = candidate["url"].removeprefix("/media/")
            with storage.open(name) as file, Pillow.open(file) as made:
                assert made.size == (candidate["width"], candidate["height"])
                assert Pillow.MIME[made.format or ""] == source["type"]


@pytest.mark.parametrize(
    ("width", "made"),
    [(4, [4]), (8, [8]), (12, [8, 12]), (32, [8, 16, 32]), (33, [8, 16, 32]), (1, [1])],
)
def test_no_source_is_wider_than_the_original(encode: Encode, width: int, made: list[int]) -> None:
    encoded = encode(make_image(picture("JPEG", (width, 10))))
    assert widths(encoded)["image/jpeg"] == made


def test_renditions_are_made_once(
    make_compilation: MakeCompilation,
    encode: Encode,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_max_num_queries: Any,
) -> None:
    image = make_image()
    first = encode(image)
    count = image.renditions.count()

    def not_again(*filters: Any) -> None:
        raise AssertionError("A rendition was made again.")

    again = get_image_model().objects.get(pk=image.pk)
    monkeypatch.setattr(type(again), "create_renditions", not_again)
    compilation = make_compilation()
    with django_assert_max_num_queries(2):
        assert ImageEncoder().encode(again, Location(), compilation) == first
    assert again.renditions.count() == count


def test_wagtails_cache_of_renditions_is_not_used(encode: Encode) -> None:
    image = make_image()
    phantom = image.get_rendition("width-8|format-jpeg")
    # As after a rollback of the transaction that created it.
    image.renditions.all().delete()
    image.get_rendition_model().cache_backend.set(phantom.get_cache_key(), phantom)
    encoded = encode(image)
    [stored] = image.renditions.filter(filter_spec="width-8|format-jpeg")
    assert encoded["sources"][-1]["srcset"][0]["url"] == stored.url


# Files that cannot be read


@pytest.mark.parametrize(
    "content",
    [b"", b"tiada gambar", picture("JPEG")[:200], b"GIF89a", b"\x89PNG\r\n\x1a\n", b"<svg"],
)
def test_a_broken_file_leaves_no_sources_and_a_warning(
    encode: Encode, caplog: pytest.LogCaptureFixture, content: bytes
) -> None:
    image = make_image()
    with image.file.storage.open(image.file.name, "wb") as file:
        file.write(content)
    image = get_image_model().objects.get(pk=image.pk)
    with caplog.at_level(logging.WARNING, logger=images.__name__):
        encoded = encode(image)
    assert (encoded["sources"], encoded["fallback"], encoded["placeholder"]) == ([], None, None)
    assert (encoded["width"], encoded["height"], encoded["alt"]) == (64, 32, "Pejabat")
    assert f"Image {image.pk} " in caplog.text


def test_a_missing_file_leaves_no_sources_and_a_warning(
    encode: Encode, caplog: pytest.LogCaptureFixture
) -> None:
    image = make_image()
    image.file.storage.delete(image.file.name)
    encoded = encode(get_image_model().objects.get(pk=image.pk))
    assert encoded["sources"] == []
    assert "cannot be processed" in caplog.text
    assert get_image_model().objects.count()  # the transaction still works


def test_an_image_whose_files_are_made_needs_no_storage(
    encode: Encode, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = make_image()
    first = encode(image)

    def fail(*_: Any, **__: Any) -> None:
        raise ConnectionError

    for storage in (FileSystemStorage, InMemoryStorage):
        monkeypatch.setattr(storage, "_open", fail)
    assert encode(get_image_model().objects.get(pk=image.pk)) == first


def test_a_replaced_file_has_its_own_placeholder(encode: Encode) -> None:
    image = make_image(picture("PNG", mode="RGBA"), "a.png")
    before = encode(image)
    image.file = ContentFile(picture("JPEG"), name="b.jpg")
    image.save()
    image.renditions.all().delete()
    after = encode(image)
    assert after["placeholder"] != before["placeholder"]
    assert list(widths(after)) == ["image/avif", "image/webp", "image/jpeg"]
    assert ImagePlaceholder.objects.count() == 1
    image.delete()
    assert not ImagePlaceholder.objects.exists()


def test_a_format_that_fails_does_not_affect_the_others(
    encode: Encode, monkeypatch: pytest.MonkeyPatch
) -> None:
    create = get_image_model().create_renditions

    def failing(self: Any, *filters: Any) -> Any:
        if any("avif" in image_filter.spec for image_filter in filters):
            raise OSError("encoder error")
        return create(self, *filters)

    monkeypatch.setattr(get_image_model(), "create_renditions", failing)
    assert list(widths(encode(make_image()))) == ["image/webp", "image/jpeg"]


@pytest.mark.parametrize("formats", [["avif", "webp", "jpeg"], ["avif", "jpeg"], ["avif"]])
def test_formats_that_cannot_be_written_are_left_out(
    encode: Encode, settings: Any, monkeypatch: pytest.MonkeyPatch, formats: list[str]
) -> None:
    settings.WAGTAIL_DELIVERY = settings.WAGTAIL_DELIVERY | {"IMAGE_FORMATS": formats}
    monkeypatch.setattr(images, "_can_write", lambda name: name in {"jpeg", "png"})
    encoded = encode(make_image())
    assert list(widths(encoded)) == ["image/jpeg"]
    assert encoded["placeholder"].startswith("data:image/png;base64,")


# Kinds of images


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.png", picture("PNG", mode="L")),
        ("a.png", picture("PNG", mode="1")),
        ("a.png", picture("PNG", mode="P")),
        ("a.jpg", picture("JPEG", mode="CMYK")),
        ("a.gif", picture("GIF", mode="P")),
        ("a.webp", picture("WEBP")),
        ("a.avif", picture("AVIF")),
        ("a.tiff", picture("TIFF")),
        ("a.bmp", picture("BMP")),
    ],
)
def test_every_kind_of_still_image_gets_a_jpeg(encode: Encode, name: str, content: bytes) -> None:
    encoded = encode(make_image(content, name))
    assert widths(encoded)["image/jpeg"] == WIDTHS
    assert encoded["placeholder"]


def test_an_image_that_cannot_be_a_jpeg_comes_in_the_other_formats(encode: Encode) -> None:
    encoded = encode(make_image(picture("PNG", mode="I;16"), "a.png"))
    assert widths(encoded)["image/webp"] == WIDTHS
    assert encoded["fallback"]


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_a_transparent_image_does_not_become_a_jpeg(encode: Encode, mode: str) -> None:
    encoded = encode(make_image(picture("PNG", mode=mode), "a.png"))
    assert list(widths(encoded)) == ["image/avif", "image/webp", "image/png"]
    assert encoded["fallback"]["url"].endswith(".png")


@pytest.mark.parametrize("format_name", ["GIF", "WEBP"])
def test_an_animated_image_stays_animated(encode: Encode, format_name: str) -> None:
    image = make_image(moving_picture(format_name), f"a.{format_name.lower()}")
    encoded = encode(image)
    assert encoded == encode(image)
    assert encoded["fallback"] == {"url": image.file.url, "width": 64, "height": 32}
    assert widths(encoded) == {f"image/{format_name.lower()}": [64]}
    assert encoded["placeholder"]
    assert not image.renditions.exists()


def test_an_animated_image_that_has_renditions_stays_animated(encode: Encode) -> None:
    """Other code made them; they do not move."""
    image = make_image(moving_picture("GIF"), "a.gif")
    for width in (8, 16, 32):
        for format_name in ("avif", "webp", "jpeg", "png"):
            image.get_rendition(f"width-{width}|format-{format_name}")
    assert encode(image)["fallback"]["url"] == image.file.url


def test_a_photo_with_a_preview_in_it_is_a_still_image(encode: Encode) -> None:
    """As cameras store it (MPO): several pictures in one file, which is no animation."""
    frames = [Pillow.new("RGB", (64, 32), colour) for colour in ("red", "green")]
    buffer = BytesIO()
    frames[0].save(buffer, "MPO", save_all=True, append_images=frames[1:])
    encoded = encode(make_image(buffer.getvalue(), "a.jpg"))
    assert widths(encoded)["image/jpeg"] == WIDTHS


def test_a_known_animation_is_not_read_again(
    encode: Encode, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = make_image(moving_picture("GIF"), "a.gif")
    encoded = encode(image)

    def fail(*_: Any) -> None:
        raise AssertionError

    monkeypatch.setattr(image.file.storage, "open", fail, raising=False)
    assert encode(get_image_model().objects.get(pk=image.pk)) == encoded


def test_an_svg_is_its_own_only_source(encode: Encode) -> None:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect/></svg>'
    image = make_image(svg, "jata.svg")
    encoded = encode(image)
    original = {"url": image.file.url, "width": 40, "height": 20}
    assert encoded["sources"] == [{"type": "image/svg+xml", "srcset": [original]}]
    assert (encoded["fallback"], encoded["placeholder"]) == (original, None)
    assert not image.renditions.exists()


def test_a_rotated_image_has_its_upright_size(encode: Encode) -> None:
    exif = Pillow.Exif()
    exif[0x0112] = 6
    encoded = encode(make_image(picture("JPEG", (64, 32), exif=exif)))
    assert (encoded["width"], encoded["height"]) == (32, 64)
    assert (encoded["fallback"]["width"], encoded["fallback"]["height"]) == (32, 64)
    assert widths(encoded)["image/jpeg"] == WIDTHS


# The placeholder


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jpg", picture("JPEG", (2000, 1500))),
        ("a.jpg", picture("JPEG", icc_profile=b"x" * 60_000)),
        ("a.png", picture("PNG", (300, 300), mode="RGBA")),
        ("a.png", picture("PNG", (3000, 2))),
    ],
)
def test_the_placeholder_is_tiny_and_reproducible(
    encode: Encode, settings: Any, name: str, content: bytes
) -> None:
    settings.WAGTAIL_DELIVERY = settings.WAGTAIL_DELIVERY | {"IMAGE_FORMATS": ["jpeg"]}
    image = make_image(content, name)
    placeholder = encode(image)["placeholder"]
    assert len(placeholder) < 1000
    head, _, data = placeholder.partition(",")
    assert head == "data:image/webp;base64"
    assert max(Pillow.open(BytesIO(base64.b64decode(data))).size) <= 16
    assert encode(get_image_model().objects.get(pk=image.pk))["placeholder"] == placeholder


# Texts


@pytest.mark.parametrize(
    ("description", "options", "alt"),
    [
        ("", {}, "Pejabat"),
        ("Pejabat di Jalan Ampang", {}, "Pejabat di Jalan Ampang"),
        ("Pejabat", {"alt": "Kaunter"}, "Kaunter"),
        ("Pejabat", {"alt": ""}, "Pejabat"),
        ("Pejabat", {"alt": "Kaunter", "decorative": False}, "Kaunter"),
        ("Pejabat", {"alt": "Kaunter", "decorative": True}, ""),
    ],
)
def test_the_alternative_text(
    encode: Encode, description: str, options: dict[str, Any], alt: str
) -> None:
    encoded = encode(make_image(description=description), **options)
    assert encoded["alt"] == alt
    assert encoded["decorative"] is options.get("decorative", False)


@pytest.mark.parametrize("decorative", [True, False])
def test_an_image_block_has_its_own_alternative_text(encode: Encode, decorative: bool) -> None:
    block = ImageBlock()
    image = make_image(description="Dari perpustakaan")
    value = block.to_python({"image": image.pk, "decorative": decorative, "alt_text": "Di sini"})
    encoded = encode(value)
    assert encoded["decorative"] is decorative
    assert encoded["alt"] == ("" if decorative else "Di sini")


def test_untranslated_alternative_text_is_marked(make_compilation: MakeCompilation) -> None:
    status = TranslationStatus("ms", "partial", frozenset({"sections.1.alt_text"}))
    compilation = make_compilation("en", status=status)
    image = make_image()
    image.contextual_alt_text = "Di sini"
    for decorative in (True, False):
        ImageEncoder().encode(
            image, Location("/sections/0/value", "sections.1"), compilation, decorative=decorative
        )
        assert ("/sections/0/value/alt" in compilation.languages) is not decorative
    assert compilation.languages["/sections/0/value/alt"] == "ms"
    assert compilation.has_untranslated_text


def test_the_texts_of_the_library_are_in_the_language_of_the_project(
    make_compilation: MakeCompilation, settings: Any
) -> None:
    settings.LANGUAGE_CODE = "ms"
    image = make_image()
    english, malay = make_compilation("en"), make_compilation("ms")
    for compilation in (english, malay):
        ImageEncoder().encode(image, Location("/picture"), compilation)
    assert english.languages == {"/picture/title": "ms", "/picture/alt": "ms"}
    assert malay.languages == {}
    # They are no texts of the thing that shows the image.
    assert not english.has_untranslated_text
    of_this_place = make_compilation("en")
    ImageEncoder().encode(image, Location("/picture"), of_this_place, alt="Here")
    in_a_text = make_compilation("en")
    ImageEncoder().encode(image, Location(), in_a_text, alt="Here")
    assert (of_this_place.languages, in_a_text.languages) == ({"/picture/title": "ms"}, {})


def test_the_focal_point_is_in_fractions(encode: Encode) -> None:
    image = make_image(
        focal_point_x=16, focal_point_y=8, focal_point_width=32, focal_point_height=400
    )
    assert encode(image)["focal_point"] == {"x": 0.25, "y": 0.25, "width": 0.5, "height": 1.0}
    assert encode(make_image())["focal_point"] is None


# Visibility


def test_a_private_image_is_null_but_a_dependency(
    make_compilation: MakeCompilation, private_collection: Collection
) -> None:
    image = make_image(collection=private_collection)
    compilation = make_compilation()
    assert ImageEncoder().encode(image, Location(), compilation) is None
    assert compilation.dependencies == {key_of(image), table_key(CollectionViewRestriction)}
    assert not image.renditions.exists()


def test_an_image_in_a_private_collections_child_is_null(
    encode: Encode, private_collection: Collection
) -> None:
    child = private_collection.add_child(name="Bawah")
    assert encode(make_image(collection=child)) is None


# In rich text


def test_an_image_in_rich_text_is_a_picture(make_compilation: MakeCompilation) -> None:
    image = make_image()
    compilation = make_compilation()
    stored = (
        f'<p>a</p><embed alt=\'Di "sini" &amp; sana\' embedtype="image" format="left" '
        f'id="{image.pk}"/><p>b</p>'
    )
    encoded = RichTextEncoder().encode(stored, Location(), compilation)
    tags = [token for token in tokens_of(encoded["html"]) if isinstance(token, StartTag)]
    assert [tag.name for tag in tags] == ["p", "picture", "source", "source", "img", "p"]
    sizes = "(max-width: 500px) 100vw, 500px"
    assert [tag.attributes.get("type") for tag in tags[2:4]] == ["image/avif", "image/webp"]
    img = tags[4].attributes
    assert list(img) == ["src", "srcset", "sizes", "width", "height", "alt", "class", "loading"]
    assert img["alt"] == 'Di "sini" & sana'
    assert (img["class"], img["sizes"]) == ("richtext-image left", sizes)
    assert (img["width"], img["height"], img["loading"]) == ("32", "16", "lazy")
    assert [part.split()[1] for part in (img["srcset"] or "").split(", ")] == ["8w", "16w", "32w"]
    assert encoded["text"] == "a\nb"
    assert compilation.dependencies == {key_of(image), table_key(CollectionViewRestriction)}


@pytest.mark.parametrize("written", ["", 'alt=""', "alt", 'format="tiada" alt=""', "format"])
def test_an_image_in_rich_text_without_alternative_text_is_decorative(
    make_compilation: MakeCompilation, written: str
) -> None:
    stored = f'<embed embedtype="image" id="{make_image(description="x").pk}" {written}/>'
    encoded = RichTextEncoder().encode(stored, Location(), make_compilation())
    assert ' alt="" ' in encoded["html"]


def test_missing_images_leave_nothing(
    make_compilation: MakeCompilation, private_collection: Collection
) -> None:
    private = make_image(collection=private_collection)
    broken = make_image()
    broken.file.storage.delete(broken.file.name)
    for identifier in (private.pk, broken.pk, 0, 999_999, "abc", "", "9" * 30):
        stored = f'<p>a</p><embed embedtype="image" id="{identifier}" format="left" alt="RAHSIA"/>'
        encoded = RichTextEncoder().encode(stored, Location(), make_compilation())
        assert encoded == {"html": "<p>a</p>", "text": "a"}
