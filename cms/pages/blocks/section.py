"""The base of page sections: a heading and an anchor."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.blocks import (
    CharBlock,
    StreamBlock,
    StreamBlockValidationError,
    StreamValue,
    StructBlock,
    StructBlockValidationError,
)

from cms.pages.blocks.anchor import AnchorBlock


class SectionBlock(StructBlock):
    """Base of the sections."""

    heading = CharBlock(
        label=gettext_lazy("Heading"),
        max_length=255,
        help_text=gettext_lazy("Heading of the section as readers see it."),
    )
    anchor = AnchorBlock()


class SectionStreamBlock(StreamBlock):
    """A stream of sections with anchors that are always set and unique within the page."""

    def clean(self, value: StreamValue) -> StreamValue:
        """The cleaned stream with every anchor set; a duplicate anchor is an error of its block."""
        cleaned = fill_anchors(super().clean(value))
        doubled = doubled_anchors(cleaned)
        if doubled:
            message = _("Another section of this page already has this anchor.")
            raise StreamBlockValidationError(
                block_errors={
                    position: StructBlockValidationError(
                        block_errors={"anchor": ValidationError(message)}
                    )
                    for position in doubled
                }
            )
        return cleaned


def fill_anchors(stream: StreamValue) -> StreamValue:
    """Set missing anchors from the headings, unique within the page.

    Sections without a heading get none: they belong to a draft saved halfway.
    """
    taken = {anchor for anchor in map(_anchor, stream) if anchor}
    for child in stream:
        heading = child.value.get("heading") if isinstance(child.block, SectionBlock) else ""
        if not heading or _anchor(child):
            continue
        stem = slugify(heading)[:90].strip("-") or child.block_type
        anchor, number = stem, 2
        while anchor in taken:
            anchor, number = f"{stem}-{number}", number + 1
        child.value["anchor"] = anchor
        taken.add(anchor)
    return stream


def doubled_anchors(stream: StreamValue) -> list[int]:
    """Positions of the sections whose anchor an earlier section already has."""
    seen: set[str] = set()
    doubled = []
    for position, child in enumerate(stream):
        anchor = _anchor(child)
        if anchor and anchor in seen:
            doubled.append(position)
        seen.add(anchor)
    return doubled


def _anchor(child: StreamValue.StreamChild) -> str:
    return (child.value.get("anchor") or "") if isinstance(child.block, SectionBlock) else ""
