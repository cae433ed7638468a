"""Quotations."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, StructBlock, TextBlock

from cms.pages.blocks.synchronized import SynchronizedURLBlock


class QuoteBlock(StructBlock):
    """What somebody said or wrote, word for word."""

    text = TextBlock(
        label=_("Quotation"), help_text=_("Word for word, without quotation marks around it.")
    )
    source = CharBlock(
        label=_("Source"),
        max_length=255,
        help_text=_("Who said it, or the work in which it stands."),
    )
    role = CharBlock(
        label=_("Position of the person"),
        required=False,
        max_length=255,
        help_text=_("The office that the person holds, such as Minister of Human Resources."),
    )
    url = SynchronizedURLBlock(
        label=_("Address of the source"),
        required=False,
        help_text=_("Where readers find the whole text."),
    )

    class Meta:
        template = "pages/blocks/quote.html"
        label = _("Quotation")
        label_format = "{source}"
        icon = "openquote"
