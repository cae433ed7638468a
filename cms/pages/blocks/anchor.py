"""Anchors: the stable addresses of a page's sections."""

from __future__ import annotations

from typing import Any

from django.core.validators import validate_slug
from django.utils.translation import gettext_lazy as _

from cms.pages.blocks.synchronized import SynchronizedCharBlock


class AnchorBlock(SynchronizedCharBlock):
    """An identifier of a section: slug characters, the same in every language."""

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
