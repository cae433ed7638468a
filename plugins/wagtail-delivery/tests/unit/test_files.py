from __future__ import annotations

import hashlib
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models
from django.db.models.fields.files import FieldFile, ImageFieldFile
from django.urls import NoReverseMatch
from PIL import Image as Pillow
from pydantic import TypeAdapter
from wagtail.documents.models import Document
from wagtail.models import Collection, CollectionViewRestriction

from wagtail_delivery.content.dependency_keys import key_of, table_key
from wagtail_delivery.encoding.base import Compilation, Location
from wagtail_delivery.encoding.files import DocumentFileEncoder, FileEncoder

Compile = Callable[..., Compilation]


FILE_FIELD = models.FileField(upload_to="risalah")
IMAGE_FIELD = models.ImageField(upload_to="risalah")


def make_document(name: str = "borang.pdf", content: bytes = b"isi", **more: Any) -> Document:
    return Document.objects.create(title="Borang 1", file=ContentFile(content, name=name), **more)


def encode(encoder: Any, value: Any, making: Compilation) -> Any:
    encoded = encoder.encode(value, Location(), making)
    TypeAdapter(encoder.annotation).validate_python(encoded, strict=True)
    return encoded


def test_no_document_is_null(compilation: Compile) -> None:
    assert encode(DocumentFileEncoder(), None, compilation()) is None


def test_a_document(compilation: Compile) -> None:
    document = make_document()
    making = compilation()
    encoded = encode(DocumentFileEncoder(), document, making)
    assert encoded.pop("url").startswith("/")
    assert encoded.pop("filename").startswith("borang")
    assert encoded == {
        "id": str(document.pk),
        "title": "Borang 1",
        "media_type": "application/pdf",
        "size": 3,
        "sha1": hashlib.sha1(b"isi").hexdigest() if document.file_hash else None,
    }
    assert making.dependencies == {key_of(document), table_key(CollectionViewRestriction)}


def test_the_title_of_a_document_is_in_the_language_of_the_project(compilation: Compile) -> None:
    english, malay = compilation("en"), compilation("ms")
    for making in (english, malay):
        DocumentFileEncoder().encode(make_document(), Location("/form", "form"), making)
    assert english.languages == {"/form/title": "ms"}
    assert malay.languages == {}
    # Nobody could translate it.
    assert not english.shows_untranslated


def test_a_private_document_is_null_but_noted(
    compilation: Compile, private_collection: Collection
) -> None:
    document = make_document(collection=private_collection)
    making = compilation()
    assert encode(DocumentFileEncoder(), document, making) is None
    assert key_of(document) in making.dependencies


def test_what_is_known_of_a_document_is_taken_from_the_database(
    compilation: Compile, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = make_document(file_size=123, file_hash="ab" * 20)
    default_storage.delete(document.file.name)

    def no_save(*args: Any, **kwargs: Any) -> None:
        raise AssertionError("Compiling saved a document.")

    monkeypatch.setattr(Document, "save", no_save)
    encoded = encode(DocumentFileEncoder(), document, compilation())
    assert (encoded["size"], encoded["sha1"]) == (123, "ab" * 20)
    document.file_size, document.file_hash = None, ""
    encoded = encode(DocumentFileEncoder(), document, compilation())
    assert (encoded["size"], encoded["sha1"]) == (None, None)


def test_documents_without_wagtails_view_come_from_the_storage(
    compilation: Compile, monkeypatch: pytest.MonkeyPatch
) -> None:
    def not_there(document: Document) -> str:
        raise NoReverseMatch

    monkeypatch.setattr(Document, "url", property(not_there))
    document = make_document("bor ang.pdf")
    encoded = encode(DocumentFileEncoder(), document, compilation())
    assert encoded["url"] == document.file.url


@pytest.mark.parametrize(
    ("name", "media_type"),
    [("a.docx", None), ("a.tiada", "application/octet-stream"), ("a", "application/octet-stream")],
)
def test_the_media_type(compilation: Compile, name: str, media_type: str | None) -> None:
    encoded = encode(DocumentFileEncoder(), make_document(name), compilation())
    assert encoded["media_type"] == (
        media_type or "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    )


def stored(content: bytes, name: str) -> FieldFile:
    saved = default_storage.save(f"risalah/{name}", ContentFile(content))
    return FieldFile(None, FILE_FIELD, saved)  # type: ignore[arg-type]


def stored_image(content: bytes, name: str) -> ImageFieldFile:
    saved = default_storage.save(f"risalah/{name}", ContentFile(content))
    return ImageFieldFile(None, IMAGE_FIELD, saved)  # type: ignore[arg-type]


def test_a_models_own_file(compilation: Compile) -> None:
    file = stored(b"12345", "risalah satu.pdf")
    encoded = encode(FileEncoder(), file, compilation())
    assert encoded == {
        "url": default_storage.url(file.name),
        "filename": file.name.rpartition("/")[2],
        "size": 5,
    }


def test_no_file_is_null(compilation: Compile) -> None:
    file = FieldFile(None, FILE_FIELD, "")  # type: ignore[arg-type]
    image = ImageFieldFile(None, IMAGE_FIELD, None)  # type: ignore[arg-type]
    assert encode(FileEncoder(), file, compilation()) is None
    assert encode(FileEncoder(image=True), image, compilation()) is None
    assert encode(FileEncoder(), None, compilation()) is None


def test_a_missing_file_has_no_size(compilation: Compile, caplog: pytest.LogCaptureFixture) -> None:
    file = stored(b"x", "hilang.pdf")
    default_storage.delete(file.name)
    assert encode(FileEncoder(), file, compilation())["size"] is None
    assert "hilang" in caplog.text
    image = stored_image(b"x", "hilang.jpg")
    default_storage.delete(image.name)
    encoded = encode(FileEncoder(image=True), image, compilation())
    assert (encoded["size"], encoded["width"], encoded["height"]) == (None, None, None)


def test_a_models_own_image(compilation: Compile) -> None:
    buffer = BytesIO()
    Pillow.new("RGB", (7, 5)).save(buffer, "PNG")
    encoded = encode(
        FileEncoder(image=True), stored_image(buffer.getvalue(), "a.png"), compilation()
    )
    assert (encoded["width"], encoded["height"]) == (7, 5)
    assert encoded["size"] == len(buffer.getvalue())


@pytest.mark.parametrize("content", [b"", b"tiada gambar", b"\x89PNG\r\n\x1a\n"])
def test_a_broken_image_has_no_dimensions(compilation: Compile, content: bytes) -> None:
    encoded = encode(FileEncoder(image=True), stored_image(content, "a.png"), compilation())
    assert (encoded["width"], encoded["height"]) == (None, None)
    assert encoded["size"] == len(content)
