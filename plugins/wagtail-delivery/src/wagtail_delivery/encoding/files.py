"""Documents of Wagtail's library, and files and images in model fields."""

from __future__ import annotations

import logging
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.urls import NoReverseMatch, get_script_prefix
from pydantic import Field

from wagtail_delivery.conf import delivery_settings
from wagtail_delivery.content.identity import identity_of
from wagtail_delivery.encoding.base import Compilation, Encoder, Json, Location, Schema
from wagtail_delivery.encoding.image_faults import is_missing, storage_fault
from wagtail_delivery.encoding.library_texts import shown_file
from wagtail_delivery.encoding.scalars import Uri

logger = logging.getLogger(__name__)


class DocumentFile(Schema):
    """A document to download, from the media library."""

    id: str = Field(description="Identifier of the document.")
    title: str = Field(description="Title of the document.")
    url: Uri = Field(description="Download URL; a path is relative to the API's host.")
    filename: str = Field(description="Name of the file.")
    media_type: str = Field(description="Media type of the file, such as application/pdf.")
    size: int | None = Field(description="Size in bytes; null if unknown.")
    sha1: str | None = Field(
        description="SHA-1 hash of the content in hexadecimal digits; null if unknown."
    )


class File(Schema):
    """A file that belongs to a single object, not to the media library."""

    url: Uri = Field(description="Download URL; a path is relative to the API's host.")
    filename: str = Field(description="Name of the file.")
    size: int | None = Field(description="Size in bytes; null if the file is missing.")


class ImageFile(File):
    """An image that belongs to a single object, not to the media library; as uploaded."""

    width: int | None = Field(description="Width in pixels; null if unknown.")
    height: int | None = Field(description="Height in pixels; null if unknown.")


class DocumentFileEncoder(Encoder):
    """A document of the library; null if there is none or its collection is private."""

    def __init__(self) -> None:
        super().__init__(DocumentFile | None)

    def encode(self, value: Any, location: Location, compilation: Compilation) -> Json:
        if value is None:
            return None
        url = public_document_url(value, compilation)
        if url is None:
            return None
        shown = shown_file(value, compilation)
        shown.mark(location.member("title"), "title", compilation)
        return {
            "id": identity_of(value),
            "title": shown.file.title,
            "url": url,
            "filename": value.filename,
            "media_type": value.content_type,
            # Not `get_file_size()`: that saves the document.
            "size": size_of(value.file) if value.file_size is None else value.file_size,
            "sha1": value.file_hash or None,
        }


class FileEncoder(Encoder):
    """The value of a model's FileField, or of an ImageField with `image`; null if it is empty.

    A file that is missing from the storage keeps its URL, and its size is null.
    """

    def __init__(self, *, image: bool = False) -> None:
        super().__init__(ImageFile | None if image else File | None)
        self.image = image

    def encode(self, value: Any, location: Location, compilation: Compilation) -> Json:
        if not value:
            return None
        compilation.shows_file(value.name)
        encoded: dict[str, Any] = {
            "url": public_address(value.url),
            "filename": PurePosixPath(value.name).name,
            "size": size_of(value),
        }
        if self.image:
            encoded |= {"width": None, "height": None} | dimensions_of(value)
        return encoded


def public_document_url(document: Any, compilation: Compilation) -> str | None:
    """The public URL of `document`; None if it is private. Records the dependencies of that."""
    compilation.depends_on(document)
    if not compilation.snapshot.is_public(document):
        return None
    compilation.shows_file(document.file.name)
    try:
        return public_address(document.url)
    except NoReverseMatch:
        # Projects without Wagtail's document view serve documents from the storage.
        return public_address(document.file.url)


def public_address(url: str) -> str:
    """The address of a file as documents show it; `url` is Django's.

    A path comes below `MEDIA_BASE_URL`, or else below the project's `FORCE_SCRIPT_NAME`. The prefix
    of the request that publishes does not count: a command that rebuilds the store has none.
    """
    if not url.startswith("/") or url.startswith("//"):
        return url
    forced = (settings.FORCE_SCRIPT_NAME or "").rstrip("/")
    for prefix in (get_script_prefix().rstrip("/"), forced):
        if prefix and url.startswith(f"{prefix}/"):
            url = url.removeprefix(prefix)
            break
    return f"{delivery_settings().MEDIA_BASE_URL or forced}{url}"


def size_of(file: Any) -> int | None:
    """The size in bytes of a stored file; None if it is missing.

    Raises StorageError if the storage fails.
    """
    try:
        return int(file.size)
    except Exception as error:  # each storage raises errors of its own
        if not is_missing(file.storage, file.name, error):
            raise storage_fault(file.name, error) from error
        logger.warning("The file %s is missing.", file.name)
        return None


def dimensions_of(file: Any) -> dict[str, int]:
    """`width` and `height` of a stored image; empty if it is missing or not an image.

    Raises StorageError if the storage fails.
    """
    try:
        width, height = file.width, file.height
    except Exception as error:  # storages and image libraries raise errors of their own
        if size_of(file) is not None and isinstance(error, OSError) and error.errno:
            raise storage_fault(file.name, error) from error
        logger.warning("The image %s cannot be read: %s", file.name, error)
        return {}
    return {"width": width, "height": height} if width and height else {}
