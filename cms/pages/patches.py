"""Every attribute of other packages that this app replaces, in one table."""

from __future__ import annotations

from wagtail.images.models import AbstractImage

from cms.core.patching import Patch
from cms.pages import image_descriptions

PATCHES = (
    Patch(
        AbstractImage,
        "default_alt_text",
        property(image_descriptions.default_alt_text),
        "the name of a picture's file becomes its alternative text",
        "wagtail 8.0.1: wagtail/images/models.py",
    ),
)
