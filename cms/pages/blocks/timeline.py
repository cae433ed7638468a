"""Timelines: dated events in order."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import ChoiceBlock, DateBlock, ListBlock, StructBlock, TextBlock

from cms.pages.blocks.section import SectionBlock


class TimelineEventBlock(StructBlock):
    """An event, and how precisely its date is known."""

    date = DateBlock(
        label=_("Date"),
        required=False,
        help_text=_(
            "If only the month or year is known, any day within it; see precision. Empty if the "
            "date is unknown."
        ),
    )
    precision = ChoiceBlock(
        label=_("Precision"),
        choices=[("day", _("Day")), ("month", _("Month")), ("year", _("Year"))],
        default="day",
        help_text=_("How much of the date is known; the rest is not shown."),
    )
    text = TextBlock(label=_("Event"), help_text=_("What happened, in one sentence."))

    class Meta:
        label = _("Event")
        # The head of an event is its own text, not the names of its choices.
        label_format = "{text}"
        icon = "date"


class TimelineBlock(SectionBlock):
    """A heading and events in the order shown."""

    events = ListBlock(TimelineEventBlock(), label=_("Events"), min_num=1)

    class Meta:
        template = "pages/blocks/timeline.html"
        label = _("Timeline")
        icon = "time"
