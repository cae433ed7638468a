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

MakeCompilation = Callable[..., Compilation]


FILE_FIELD = models.FileField(upload_to="risalah")
IMAGE_FIELD = models.ImageField(upload_to="risalah")


def make_document(name: str = "borang.pdf", content: bytes = b"isi", **more: Any) -> Document:
    return Document.objects.create(title="Borang 1", file=ContentFile(content, name=name), **more)


def encode(encoder: Any, value: Any, compilation: Compilation) -> Any:
    encoded = encoder.encode(value, Location(), compilation)
    TypeAdapter(encoder.annotation).validate_python(encoded, strict=True)
    return encoded


def test_no_document_is_null(make_compilation: MakeCompilation) -> None:
    assert encode(DocumentFileEncoder(), None, make_compilation()) is None


def test_a_document(make_compilation: MakeCompilation) -> None:
    document = make_document()
    compilation = make_compilation()
    encoded = encode(DocumentFileEncoder(), document, compilation)
    assert encoded.pop("url").startswith("/")
    assert encoded.pop("filename").startswith("borang")
    assert encoded == {
        "id": str(document.pk),
        "title": "Borang 1",
        "media_type": "application/pdf",
        "size": 3,
        "sha1": hashlib.sha1(b"isi").hexdigest() if document.file_hash else None,
    }
    assert compilation.dependencies == {key_of(document), table_key(CollectionViewRestriction)}


def test_the_title_of_a_document_is_in_the_language_of_the_project(
    make_compilation: MakeCompilation,
) -> None:
    english, malay = make_compilation("en"), make_compilation("ms")
    for compilation in (english, malay):
        DocumentFileEncoder().encode(make_document(), Location("/form", "form"), compilation)
    assert english.languages == {"/form/title": "ms"}
    assert malay.languages == {}
    # It is no text of the thing that shows the document.
    assert not english.has_untranslated_text


def test_a_private_document_is_null_but_a_dependency(
    make_compilation: MakeCompilation, private_collection: Collection
) -> None:
    document = make_document(collection=private_collection)
    compilation = make_compilation()
    assert encode(DocumentFileEncoder(), document, compilation) is None
    assert key_of(document) in compilation.dependencies


def test_the_size_and_hash_of_a_document_come_from_the_database(
    make_compilation: MakeCompilation, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = make_document(file_size=123, file_hash="ab" * 20)
    default_storage.delete(document.file.name)

    def no_save(*args: Any, **kwargs: Any) -> None:
        raise AssertionError("Compiling saved a document.")

    monkeypatch.setattr(Document, "save", no_save)
    encoded = encode(DocumentFileEncoder(), document, make_compilation())
    assert (encoded["size"], encoded["sha1"]) == (123, "ab" * 20)
    document.file_size, document.file_hash = None, ""
    encoded = encode(DocumentFileEncoder(), document, make_compilation())
    assert (encoded["size"], encoded["sha1"]) == (None, None)


def test_without_wagtails_view_documents_come_from_the_storage(
    make_compilation: MakeCompilation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_url(document: Document) -> str:
        raise NoReverseMatch

    monkeypatch.setattr(Document, "url", property(no_url))
    document = make_document("bor ang.pdf")
    encoded = encode(DocumentFileEncoder(), document, make_compilation())
    assert encoded["url"] == document.file.url


@pytest.mark.parametrize(
    ("name", "media_type"),
    [("a.docx", None), ("a.tiada", "application/octet-stream"), ("a", "application/octet-stream")],
)
def test_the_media_type_follows_the_file_extension(
    make_compilation: MakeCompilation, name: str, media_type: str | None
) -> None:
    encoded = encode(DocumentFileEncoder(), make_document(name), make_compilation())
    assert encoded["media_type"] == (
        media_type or "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    )


def stored(content: bytes, name: str) -> FieldFile:
    saved = default_storage.save(f"risalah/{name}", ContentFile(content))
    return FieldFile(None, FILE_FIELD, saved)  # type: ignore[arg-type]


def stored_image(content: bytes, name: str) -> ImageFieldFile:
    saved = default_storage.save(f"risalah/{name}", ContentFile(content))
    return ImageFieldFile(None, IMAGE_FIELD, saved)  # type: ignore[arg-type]


def test_the_file_of_a_file_field(make_compilation: MakeCompilation) -> None:
    file = stored(b"12345", "risalah satu.pdf")
    encoded = encode(FileEncoder(), file, make_compilation())
    assert encoded == {
        "url": default_storage.url(file.name),
        "filename": file.name.rpartition("/")[2],
        "size": 5,
    }


def test_no_file_is_null(make_compilation: MakeCompilation) -> None:
    file = FieldFile(None, FILE_FIELD, "")  # type: ignore[arg-type]
    image = ImageFieldFile(None, IMAGE_FIELD, None)  # type: ignore[arg-type]
    assert encode(FileEncoder(), file, make_compilation()) is None
    assert encode(FileEncoder(image=True), image, make_compilation()) is None
    assert encode(FileEncoder(), None, make_compilation()) is None


def test_a_missing_file_has_no_size(
    make_compilation: MakeCompilation, caplog: pytest.LogCaptureFixture
) -> None:
    file = stored(b"x", "hilang.pdf")
    default_storage.delete(file.name)
    assert encode(FileEncoder(), file, make_compilation())["size"] is None
    assert "hilang" in caplog.text
    image = stored_image(b"x", "hilang.jpg")
    default_storage.delete(image.name)
    encoded = encode(FileEncoder(image=True), image, make_compilation())
    assert (encoded["size"], encoded["width"], encoded["height"]) == (None, None, None)


def test_the_image_of_an_image_field(make_compilation: MakeCompilation) -> None:
    buffer = BytesIO()
    Pillow.new("RGB", (7, 5)).save(buffer, "PNG")
    encoded = encode(
        FileEncoder(image=True), stored_image(buffer.getvalue(), "a.png"), make_compilation()
    )
    assert (encoded["width"], encoded["height"]) == (7, 5)
    assert encoded["size"] == len(buffer.getvalue())


@pytest.mark.parametrize("content", [b"", b"tiada gambar", b"\x89PNG\r\n\x1a\n"])
def test_a_broken_image_has_no_dimensions(
    make_compilation: MakeCompilation, content: bytes
) -> None:
    encoded = encode(FileEncoder(image=True), stored_image(content, "a.png"), make_compilation())
    assert (encoded["width"], encoded["height"]) == (None, None)
    assert encoded["size"] == len(content)
