"""Values without their broken images, for code that cannot cope with those.

A block's representation may ask for a rendition, and Wagtail raises if the file is missing or
broken. Code has to cope with an image that was deleted, so a broken one is treated as deleted.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.db import DatabaseError
from wagtail.images.models import AbstractImage

from wagtail_delivery.content.loaded_instances import loaded_instances
from wagtail_delivery.content.replacement import replaced
from wagtail_delivery.encoding.base import EncodingError
from wagtail_delivery.encoding.image_faults import record_fault

Made = TypeVar("Made")


def make_with_whole_images(make: Callable[[Any], Made], value: Any) -> tuple[Made, Any]:
    """The result of `make(value)`, and the value that it was made from.

    If the project's code raises, and the value has broken images, they are left out.
    """
    try:
        return make(value), value
    except (DatabaseError, EncodingError):
        raise
    except Exception:  # the project's code raises errors of its own
        whole = without_broken_images(value)
        if whole is None:
            raise
        return make(whole), whole


def without_broken_images(value: Any) -> Any:
    """A copy of `value` with None in place of each loaded image that is broken.

    None if no image is. Records the faults; raises StorageError if the storage fails.
    """
    images = [one for one in loaded_instances(value) if isinstance(one, AbstractImage)]
    broken = {image for image in images if record_fault(image)}
    if not broken:
        return None
    return replaced(value, lambda instance: None if instance in broken else instance)
