"""Sections of text: running text, statements, call-outs."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, ChoiceBlock, StructBlock, TextBlock

from cms.pages.blocks.rich_text import BodyTextBlock
from cms.pages.blocks.section import SectionBlock


class TextSectionBlock(SectionBlock):
    """A heading and running text."""

    body = BodyTextBlock(label=_("Text"), help_text=_("Text of the section."))

    class Meta:
        template = "pages/blocks/text.html"
        label = _("Text section")
        icon = "pilcrow"


class StatementBlock(SectionBlock):
    """The organisation's vision, mission or motto."""

    kind = ChoiceBlock(
        label=_("Kind"),
        choices=[("vision", _("Vision")), ("mission", _("Mission")), ("motto", _("Motto"))],
        help_text=_("Which of the organisation's statements this is."),
    )
    text = TextBlock(
        label=_("Statement"), help_text=_("The statement, word for word as it was adopted.")
    )

    class Meta:
        template = "pages/blocks/statement.html"
        label = _("Statement")
        icon = "openquote"


class CallOutBlock(StructBlock):
    """A short text set apart from the rest: information or a warning."""

    tone = ChoiceBlock(
        label=_("Tone"),
        choices=[("information", _("Information")), ("warning", _("Warning"))],
        default="information",
        help_text=_("How strongly readers should notice it."),
    )
    heading = CharBlock(
        label=_("Heading"), required=False, max_length=255, help_text=_("Optional heading.")
    )
    body = BodyTextBlock(label=_("Text"), help_text=_("Keep it to a few sentences."))

    class Meta:
        template = "pages/blocks/call_out.html"
        label = _("Call-out")
        icon = "info-circle"
