"""Animated pictures, from their upload to the addresses that a front-end shows."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image as Pillow
from wagtail.images import get_image_model
from wagtail.models import Collection, Site

from tests.factories import SiteFactory, StandardPageFactory
from wagtail_delivery.extending import verify

SIZE = (640, 360)
FRAMES = 3


@pytest.fixture(autouse=True)
def site(db: None, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    Site.objects.all().delete()
    SiteFactory()


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("ketua"))
    return client


def animation(format_name: str, size: tuple[int, int] = SIZE) -> bytes:
    frames = [Pillow.new("RGB", size, colour) for colour in ("red", "green", "blue")]
    buffer = BytesIO()
    frames[0].save(buffer, format_name, save_all=True, append_images=frames[1:], duration=80)
    return buffer.getvalue()


def upload(editor: Client, name: str, content: bytes) -> Any:
    root = Collection.get_first_root_node()
    file = SimpleUploadedFile(name, content)
    return editor.post(
        reverse("wagtailimages:add"), {"title": "Jata", "file": file, "collection": root.pk}
    )


def addresses(value: Any) -> Iterator[str]:
    """Every address of an image file in a value of JSON, also in HTML."""
    if isinstance(value, str):
        yield from re.findall(r"/media/[^\s\"'<>]+", value)
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from addresses(part)


@pytest.mark.parametrize("extension", ["gif", "webp"])
def test_an_animated_upload_moves_at_every_address(editor: Client, extension: str) -> None:
    content = animation(extension.upper())
    assert upload(editor, f"jata.{extension}", content).status_code == 302
    image = get_image_model().objects.get(title="Jata")
    # With a focal point, by which renditions are cropped.
    image.focal_point_x, image.focal_point_y = 100, 100
    image.focal_point_width = image.focal_point_height = 50
    image.save()
    figure = {"image": image, "caption": "Bergerak"}
    page = StandardPageFactory(social_image=image, body=[("image", figure)])
    page.save_revision().publish()

    public = Client()
    document = public.get(f"/api/v1/pages/{page.translation_key}").json()
    found = set(addresses(document))
    assert len(found) >= 1
    for address in found:
        response = public.get(address)
        assert response.status_code == 200, address
        served = b"".join(response.streaming_content)
        with Pillow.open(BytesIO(served)) as opened:
            assert (opened.n_frames, opened.size) == (FRAMES, SIZE), address
        # As it was uploaded, to the byte.
        assert served == content
    assert not list(verify())


@pytest.mark.parametrize(
    ("format_name", "language", "words"),
    [("PNG", "ms", "Muat naik imej yang sah"), ("AVIF", "en", "Upload a valid image")],
)
def test_an_animation_that_the_library_cannot_keep_is_refused(
    editor: Client, format_name: str, language: str, words: str
) -> None:
    editor.cookies.load({"django_language": language})
    response = upload(editor, f"jata.{format_name.lower()}", animation(format_name))
    assert words in html.unescape(response.content.decode())
    assert not get_image_model().objects.exists()


def test_an_animation_that_is_too_large_is_refused(editor: Client, settings: Any) -> None:
    settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE = 1000
    editor.cookies.load({"django_language": "en"})
    response = upload(editor, "jata.gif", animation("GIF", (300, 300)))
    assert "This file is too big" in html.unescape(response.content.decode())
    assert not get_image_model().objects.exists()
