"""Pictures that cannot be shown, and faults of the storage, found while documents are made.

A picture whose own file is missing or broken leaves a hole in the document, which is reported. A
storage that fails is another matter: it may work again in a minute. So it refuses the document, and
the published one stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from django.core.files.storage import Storage
from django.db import DatabaseError, models
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from PIL import Image as Pillow

from wagtail_delivery.encoding.base import EncodingError, Location

MISSING = _("its file is missing")
BROKEN = _("its file cannot be read as a picture")


class StorageError(EncodingError):
    """The storage failed, so a document would lose a picture that is not at fault."""


class MissingFilesError(EncodingError):
    """A picture lacks files that this block may not make."""


@dataclass(frozen=True)
class ImageFault:
    """A picture that a document cannot show."""

    image: Any
    reason: str | Promise
    #: The instance whose document would show it.
    document_of: models.Model | None


@dataclass(frozen=True)
class StillImage:
    """An animated picture that a document shows as a still one."""

    image: Any
    document_of: models.Model | None


@dataclass
class FileWork:
    """The files that documents need: whether they may be made, and the pictures without any."""

    may_create: bool = True
    faults: list[ImageFault] = field(default_factory=list)
    #: Animated pictures that documents show as still ones.
    stills: list[StillImage] = field(default_factory=list)
    #: Kept because a project's code may catch the exception.
    storage_fault: StorageError | None = None
    document_of: models.Model | None = None

    def record(self, image: Any, reason: str | Promise) -> None:
        fault = ImageFault(image, reason, self.document_of)
        if fault not in self.faults:
            self.faults.append(fault)


_work: ContextVar[FileWork | None] = ContextVar("file_work", default=None)


@contextmanager
def file_work(*, may_create: bool = True) -> Iterator[FileWork]:
    """Collect the faults of pictures in this block; without `may_create` it makes no file."""
    work = FileWork(may_create)
    token = _work.set(work)
    try:
        yield work
    finally:
        _work.reset(token)


@contextmanager
def files_for(instance: models.Model) -> Iterator[None]:
    """Attribute the faults in this block to the document of `instance`.

    Raises StorageError if the storage failed, also if the project's code caught that.
    """
    work = _work.get()
    if work is None:
        yield
        return
    work.document_of, work.storage_fault = instance, None
    try:
        yield
        if work.storage_fault is not None:
            raise work.storage_fault
    finally:
        work.document_of = None


def may_create_files() -> bool:
    """Whether this block may make files and store what was made from them."""
    work = _work.get()
    return work is None or work.may_create


def record_fault(image: Any) -> bool:
    """Record that `image` cannot be shown, and return whether its own file is the reason.

    Raises StorageError if the storage cannot read it.
    """
    reason = fault_of(image)
    work = _work.get()
    if reason is not None and work is not None:
        work.record(image, reason)
    return reason is not None


def record_still(image: Any) -> None:
    """Record that a document shows the animated `image` as a still picture."""
    work = _work.get()
    if work is not None:
        still = StillImage(image, work.document_of)
        if still not in work.stills:
            work.stills.append(still)


def fault_of(image: Any) -> str | Promise | None:
    """The reason for which `image` cannot be shown; None if its file is whole.

    Raises StorageError if the storage cannot read the file.
    """
    try:
        with image.file.storage.open(image.file.name) as file:
            content = file.read()
    except Exception as error:  # each storage raises errors of its own
        if is_missing(image.file.storage, image.file.name, error):
            return MISSING
        raise storage_fault(image.file.name, error) from error
    if image.is_svg():
        return None
    try:
        with Pillow.open(BytesIO(content)) as opened:
            opened.load()
    except Exception:  # image libraries raise errors of their own
        return BROKEN
    return None


def is_missing(storage: Storage, name: str, error: Exception) -> bool:
    """Whether `error`, raised by reading the file `name`, means that there is none."""
    if isinstance(error, FileNotFoundError):
        return True
    try:
        return not storage.exists(name)
    except Exception:  # the storage fails here too
        return False


def storage_fault(name: str, error: BaseException) -> StorageError:
    """The error that refuses a document because the storage failed with the file `name`."""
    reason = format_lazy(
        _(
            "The file storage failed with “{name}” ({error}). Try again in a few minutes. If it "
            "fails again, ask an administrator whether the disk is full."
        ),
        name=name,
        error=str(error) or type(error).__name__,
    )
    fault = StorageError(Location(), reason)
    work = _work.get()
    if work is not None:
        work.storage_fault = fault
    return fault


def create_renditions(original: Callable[..., Any], image: Any, *filters: Any) -> Any:
    """Around Wagtail's methods that create renditions: tell the faults apart.

    Without permission to create files, make them in memory, so that the faults are the same.
    """
    work = _work.get()
    if work is None or not filters:
        return original(image, *filters)
    if not work.may_create:
        for one in filters:
            image.generate_rendition_file(one)
        raise MissingFilesError(
            Location(), f"Files of the image {image.pk} are missing; run delivery_rebuild."
        )
    try:
        return original(image, *filters)
    except (DatabaseError, EncodingError):
        raise
    except Exception as error:  # storages and image libraries raise errors of their own
        if not record_fault(image) and _can_be_made(image, filters):
            raise storage_fault(image.file.name, error) from error
        raise


def existing_renditions(original: Callable[..., Any], image: Any, *filters: Any) -> Any:
    """Around Wagtail's method that finds renditions: documents show none that only its cache has.

    Such a rendition may be of a transaction that was rolled back, and its file is gone.
    """
    if _work.get() is None or image._get_prefetched_renditions() is not None:
        return original(image, *filters)
    rows = image.renditions.filter(filter_spec__in={one.spec for one in filters})
    stored = {(row.filter_spec, row.focal_point_key): row for row in rows}
    keys = {one: (one.spec, one.get_cache_key(image)) for one in filters}
    return {one: stored[key] for one, key in keys.items() if key in stored}


def _can_be_made(image: Any, filters: tuple[Any, ...]) -> bool:
    try:
        for one in filters:
            image.generate_rendition_file(one)
    except Exception:  # a format that this image cannot be converted to
        return False
    return True
