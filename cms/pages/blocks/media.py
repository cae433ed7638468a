"""Pictures in the body of a page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, StructBlock

from cms.pages.image_descriptions import DescribedImageBlock


class FigureBlock(StructBlock):
    """A picture with its text alternative and an optional caption."""

    image = DescribedImageBlock(label=_("Image"))
    caption = CharBlock(
        label=_("Caption"),
        required=False,
        max_length=255,
        help_text=_("Shown below the picture."),
    )

    class Meta:
        template = "pages/blocks/figure.html"
        label = _("Image")
        icon = "image"
