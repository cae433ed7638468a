"""Frequently asked questions."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, ListBlock, StructBlock

from cms.pages.blocks.rich_text import BodyTextBlock
from cms.pages.blocks.section import SectionBlock


class QuestionBlock(StructBlock):
    """A question and its answer."""

    question = CharBlock(
        label=_("Question"), max_length=255, help_text=_("The question as a reader would ask it.")
    )
    answer = BodyTextBlock(label=_("Answer"), help_text=_("Begin with the answer itself."))

    class Meta:
        label = _("Question")
        label_format = "{question}"
        icon = "help"


class FaqBlock(SectionBlock):
    """A heading, and questions that open and close, in the order shown."""

    questions = ListBlock(QuestionBlock(), label=_("Questions"), min_num=1)

    class Meta:
        template = "pages/blocks/faq.html"
        label = _("Frequently asked questions")
        icon = "help"
