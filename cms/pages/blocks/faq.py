"""Frequently asked questions."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import (
    CharBlock,
    ListBlock,
    ListBlockValidationError,
    StructBlock,
    StructBlockValidationError,
    StructValue,
)

from cms.pages.blocks.anchor import AnchorBlock
from cms.pages.blocks.rich_text import BodyTextBlock
from cms.pages.blocks.section import SectionBlock, doubled_error


class QuestionBlock(StructBlock):
    """A question and its answer."""

    question = CharBlock(
        label=_("Question"), max_length=255, help_text=_("The question as a reader would ask it.")
    )
    answer = BodyTextBlock(label=_("Answer"), help_text=_("Begin with the answer itself."))
    anchor = AnchorBlock(
        label=_("Address of the question"),
        help_text=_(
            "Stable address of this question, the same in all languages: letters, digits and "
            "hyphens. If left empty, it is made from the question."
        ),
    )
    anchor_source = "question"

    class Meta:
        label = _("Question")
        label_format = "{question}"
        icon = "help"


class FaqBlock(SectionBlock):
    """A heading, and questions that open and close, in the order shown."""

    questions = ListBlock(QuestionBlock(), label=_("Questions"), min_num=1)

    def anchored(self, value: StructValue) -> list[StructValue]:
        """The section and its questions, which are linked to one by one."""
        return [*super().anchored(value), *value["questions"]]

    def anchor_errors(self, doubled: set[int]) -> dict[str, ValidationError]:
        """Errors at the section and at each question."""
        errors = super().anchor_errors(doubled)
        questions = {
            position - 1: StructBlockValidationError(block_errors={"anchor": doubled_error()})
            for position in doubled - {0}
        }
        return errors | ({"questions": ListBlockValidationError(questions)} if questions else {})

    class Meta:
        template = "pages/blocks/faq.html"
        label = _("Frequently asked questions")
        icon = "help"
