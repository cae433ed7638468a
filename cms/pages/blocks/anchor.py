"""Anchors: the stable addresses of a page's sections."""

from __future__ import annotations

from typing import Any

from django.core.validators import validate_slug
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock


class AnchorBlock(CharBlock):
    """An identifier of a section: slug characters, the same in every language.

    wagtail-localize would offer a `CharBlock` for translation. The two methods that it looks for
    exclude this one, so the anchor is copied from the source unchanged.
    """

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("max_length", 100)
        kwargs.setdefault("validators", (validate_slug,))
        kwargs.setdefault("label", _("Anchor"))
        kwargs.setdefault(
            "help_text",
            _(
                "Stable address of this section, the same in all languages: letters, digits and "
                "hyphens. If left empty, it is made from the heading."
            ),
        )
        super().__init__(**kwargs)

    def get_translatable_segments(self, value: str) -> list[Any]:
        return []

    def restore_translated_segments(self, value: str, segments: list[Any]) -> str:
        return value
