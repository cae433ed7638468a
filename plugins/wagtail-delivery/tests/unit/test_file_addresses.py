"""The addresses of files in documents: below one base, whatever request publishes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.files.base import ContentFile
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import get_script_prefix, set_script_prefix
from django.utils import timezone
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file, get_test_image_file_svg

from wagtail_delivery.conf import SettingError, delivery_settings
from wagtail_delivery.encoding.base import Compilation, Location
from wagtail_delivery.encoding.files import DocumentFileEncoder, FileEncoder, public_address
from wagtail_delivery.encoding.images import ImageEncoder
from wagtail_delivery.encoding.rich_text import RichTextEncoder
from wagtail_delivery.extending import add_file_headers, is_published_file
from wagtail_delivery.models import PublishedDocument, PublishedFile

MakeCompilation = Callable[..., Compilation]
FILE_FIELD = models.FileField(upload_to="risalah")


@pytest.fixture(autouse=True)
def restore_prefix() -> Iterator[None]:
    before = get_script_prefix()
    yield
    set_script_prefix(before)


def base_url(settings: Any, address: str) -> None:
    own = getattr(django_settings, "WAGTAIL_DELIVERY", {})
    settings.WAGTAIL_DELIVERY = own | {"MEDIA_BASE_URL": address, "IMAGE_WIDTHS": [32, 64]}


def encode_everything(compilation: Compilation) -> list[str]:
    """The addresses of all kinds of files, as documents show them."""
    image = Image.objects.create(title="Gambar", file=get_test_image_file(size=(80, 40)))
    drawing = Image.objects.create(title="Lakaran", file=get_test_image_file_svg())
    document = Document.objects.create(title="Borang", file=ContentFile(b"x", name="borang.pdf"))
    name = FILE_FIELD.storage.save("risalah/a.txt", ContentFile(b"x"))
    rich_text = (
        f'<p><a linktype="document" id="{document.pk}">B</a></p>'
        f'<embed embedtype="image" id="{image.pk}" format="left" alt="G"/>'
    )
    encoded = [
        ImageEncoder().encode(image, Location(), compilation),
        ImageEncoder().encode(drawing, Location(), compilation),
        DocumentFileEncoder().encode(document, Location(), compilation),
        FileEncoder().encode(
            FILE_FIELD.attr_class(None, FILE_FIELD, name), Location(), compilation
        ),
        RichTextEncoder().encode(rich_text, Location(), compilation),
    ]
    return re.findall(r'(?<=[" ])[^" ]*/(?:media|documents)/[^" \\]+', json.dumps(encoded))


@pytest.mark.parametrize(
    ("base", "forced", "expected"),
    [
        ("", None, ""),
        ("", "/cms", "/cms"),
        ("https://media.example.org", None, "https://media.example.org"),
        ("https://media.example.org", "/cms", "https://media.example.org"),
        ("https://example.org/cms", "/cms", "https://example.org/cms"),
    ],
)
@pytest.mark.parametrize("prefix", ["/", "/cms/"])
def test_every_address_is_below_the_base_whatever_request_publishes(
    make_compilation: MakeCompilation,
    settings: Any,
    base: str,
    forced: str | None,
    expected: str,
    prefix: str,
) -> None:
    base_url(settings, base)
    settings.FORCE_SCRIPT_NAME = forced
    set_script_prefix(prefix)
    found = encode_everything(make_compilation())
    assert len(found) > 15
    for address in found:
        assert re.match(rf"{re.escape(expected)}/(media|documents)/", address), address


@pytest.mark.parametrize("url", ["https://s3.example.org/a.png", "//cdn.example.org/a.png"])
def test_an_address_with_a_host_stays(settings: Any, url: str) -> None:
    base_url(settings, "https://media.example.org")
    assert public_address(url) == url


@pytest.mark.parametrize(
    "address", ["media.example.org", "https://a.example/", "/media", "ftp://a"]
)
def test_a_base_that_is_no_address_is_refused(settings: Any, address: str) -> None:
    base_url(settings, address)
    with pytest.raises(SettingError, match="MEDIA_BASE_URL"):
        delivery_settings()


def test_every_file_that_is_shown_is_recorded_and_no_other(
    make_compilation: MakeCompilation,
) -> None:
    compilation = make_compilation()
    shown = {address.partition("/media/")[2] for address in encode_everything(compilation)}
    document = Document.objects.get()
    assert compilation.files == (shown - {""}) | {document.file.name}
    assert Image.objects.get(title="Gambar").file.name not in compilation.files


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("expires_in", "is_published"), [(None, True), (60, True), (-1, False)], ids=str
)
@pytest.mark.parametrize("name", ["images/a.png", f"images/{'a' * 400}.png"])
def test_a_file_is_published_while_a_public_document_shows_it(
    name: str, expires_in: int | None, is_published: bool
) -> None:
    from wagtail_delivery.store.stored_keys import stored_key

    expires_at = expires_in and timezone.now() + timedelta(seconds=expires_in)
    document = PublishedDocument.objects.create(
        collection="pages", resource_id="1", translation_at=0, expires_at=expires_at
    )
    PublishedFile.objects.create(document=document, name=stored_key(name))
    assert is_published_file(name) is is_published
    assert not is_published_file(name[:-1])
    document.delete()
    assert not is_published_file(name)


def headers(is_immutable: bool, **sent: str) -> Any:
    request: HttpRequest = RequestFactory(headers=sent).get("/media/a.png")
    response = HttpResponse()
    response.headers["Vary"] = "Cookie"
    add_file_headers(request, response, is_immutable=is_immutable)
    return response.headers


def test_the_headers_of_files_are_those_of_the_api(settings: Any) -> None:
    own = getattr(django_settings, "WAGTAIL_DELIVERY", {})
    settings.WAGTAIL_DELIVERY = own | {
        "CORS_ORIGINS": ["https://www.example.org"],
        "CACHE_MAX_AGE": 7,
    }
    plain = headers(False, Origin="https://www.example.org")
    assert plain["Access-Control-Allow-Origin"] == "https://www.example.org"
    assert plain["Vary"] == "Cookie, Origin"
    assert plain["Cache-Control"].startswith("public, max-age=7, stale-while-revalidate=")
    immutable = headers(True)
    assert "Access-Control-Allow-Origin" not in immutable
    assert immutable["Cache-Control"].startswith(
        "public, max-age=31536000, immutable, s-maxage=7, stale-while-revalidate="
    )
