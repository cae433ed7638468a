"""Files of images, made after the upload, so that a publish finds them.

A row for each saved image is written in the transaction that saves it, so none is forgotten. A
worker takes them one after the other. What it makes is stored only while the image has the same
file, and a publish that comes first makes what is missing itself. A worker may be killed at any
time: the row stays, and the next one makes the rest.
"""

from __future__ import annotations

import logging
from typing import Any

from django.apps import apps
from django.db import DatabaseError, models
from django.db.models import F
from wagtail.images.models import AbstractImage

from wagtail_delivery.conf import delivery_settings
from wagtail_delivery.encoding.images import image_key, missing_files
from wagtail_delivery.models import PendingImage
from wagtail_delivery.publishing.transaction import publishing, tables_are_there

logger = logging.getLogger(__name__)

#: How often a worker begins with an image. One that is never finished may end each worker by the
#: memory that it needs, or have a file that cannot be read.
MOST_ATTEMPTS = 3


def handle_image_saved(sender: type[models.Model], instance: Any, raw: bool, **_: Any) -> None:
    """Ask for the files of an image that was uploaded or changed."""
    if raw or not isinstance(instance, AbstractImage) or not delivery_settings().PREPARE_IMAGES:
        return
    if tables_are_there():
        key = image_key(type(instance), instance.pk)
        PendingImage.objects.update_or_create(image=key, defaults={"attempts": 0})


def prepare_next_image() -> bool:
    """Make the files of the image that has waited longest; returns whether there was one."""
    tried = PendingImage.objects.filter(attempts__lt=MOST_ATTEMPTS)
    pending = tried.order_by("attempts", "pk").first()
    if pending is None:
        return False
    rows = PendingImage.objects.filter(pk=pending.pk)
    rows.update(attempts=F("attempts") + 1)
    try:
        image = _image_of(pending)
        if image is not None:
            _prepare(image)
    except DatabaseError:
        # Such as a lock that a long publish holds; not the picture's fault.
        rows.update(attempts=pending.attempts)
        raise
    except Exception:  # storages and image libraries raise errors of their own
        logger.warning("The files of the image %s cannot be made.", pending.image, exc_info=True)
        return True
    # Saved again in the meantime, it has another number.
    rows.filter(attempts=pending.attempts + 1).delete()
    return True


def _image_of(pending: PendingImage) -> Any:
    label, _colon, key = pending.image.partition(":")
    return apps.get_model(label)._base_manager.filter(pk=key).first()


def _prepare(image: Any) -> None:
    """Make the missing files, each stored by a short transaction that holds the lock."""
    for store in missing_files(image):
        with publishing():
            # Under the lock: nobody replaces or deletes the image until the file is stored.
            if not type(image)._base_manager.filter(pk=image.pk, file=image.file.name).exists():
                return
            store()
