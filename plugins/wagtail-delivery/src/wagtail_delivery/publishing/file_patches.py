"""The patches by which files keep step with the transaction that stores them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.core.files.storage import FileSystemStorage, Storage
from wagtail.images.models import AbstractImage

from wagtail_delivery.encoding.image_faults import create_renditions, existing_renditions
from wagtail_delivery.publishing.patching import Patch, wrapper
from wagtail_delivery.publishing.pending_changes import pending_changes

MARK = "_wagtail_delivery_files"


def creating_renditions() -> Iterator[Patch]:
    """Wagtail creates a missing rendition wherever one is asked for."""
    for name in ("create_rendition", "create_renditions"):
        yield from wrapper(
            AbstractImage,
            name,
            create_renditions,
            reason="a fault of the storage takes pictures out of documents for good",
            mark=MARK,
        )


def finding_renditions() -> Iterator[Patch]:
    """Wagtail looks into its cache before the database."""
    yield from wrapper(
        AbstractImage,
        "find_existing_renditions",
        existing_renditions,
        reason="documents show pictures of transactions that were rolled back",
        mark=MARK,
    )


def storing_files() -> Iterator[Patch]:
    """A file is stored at once, and a rollback does not remove it."""
    yield from wrapper(
        Storage,
        "save",
        _record,
        reason="a publish that fails leaves files behind that nothing uses",
        mark=MARK,
    )
    yield from wrapper(
        FileSystemStorage,
        "_save",
        _save_whole,
        reason="a full disk leaves cut files in the public folder",
        mark=MARK,
    )


def _record(save: Callable[..., str], storage: Storage, *args: Any, **kwargs: Any) -> str:
    name = save(storage, *args, **kwargs)
    changes = pending_changes()
    if changes.depth:
        changes.files.append((storage, name))
    return name


def _save_whole(
    save: Callable[..., str], storage: FileSystemStorage, name: str, content: Any
) -> str:
    was_there = storage.exists(name)
    try:
        return save(storage, name, content)
    except OSError:
        if not was_there:
            storage.delete(name)
        raise
