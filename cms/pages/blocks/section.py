"""The base of page sections: a heading and an anchor."""

from __future__ import annotations

from itertools import chain, count

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
    StructValue,
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
    #: The member that an empty anchor is made from.
    anchor_source = "heading"

    def anchored(self, value: StructValue) -> list[StructValue]:
        """The section, and what has an anchor of its own within it."""
        return [value]

    def anchor_errors(self, doubled: set[int]) -> dict[str, ValidationError]:
        """Errors of this block for what `anchored` gave at these positions."""
        return {"anchor": doubled_error()} if 0 in doubled else {}


class SectionStreamBlock(StreamBlock):
    """A stream of sections with anchors that are always set and unique within the page."""

    def clean(self, value: StreamValue) -> StreamValue:
        """The cleaned stream with every anchor set; a duplicate anchor is an error of its block."""
        cleaned = fill_anchors(super().clean(value))
        doubled = doubled_anchors(cleaned)
        if doubled:
            raise StreamBlockValidationError(
                block_errors={
                    position: StructBlockValidationError(
                        block_errors=cleaned[position].block.anchor_errors(within)
                    )
                    for position, within in doubled.items()
                }
            )
        return cleaned


def fill_anchors(stream: StreamValue) -> StreamValue:
    """Set missing anchors from the headings and questions, unique within the page.

    What has no words yet gets none: it belongs to a draft saved halfway.
    """
    taken = {_anchor(part) for child in stream for part in _anchored(child)}
    for child in stream:
        for part in _anchored(child):
            words = part.get(part.block.anchor_source)
            if words and not _anchor(part):
                part["anchor"] = _free_anchor(words, child.block_type, taken)
                taken.add(part["anchor"])
    return stream


def doubled_anchors(stream: StreamValue) -> dict[int, set[int]]:
    """Positions of the blocks, and within them, whose anchor something before them already has."""
    seen: set[str] = set()
    doubled: dict[int, set[int]] = {}
    for position, child in enumerate(stream):
        for within, part in enumerate(_anchored(child)):
            anchor = _anchor(part)
            if anchor and anchor in seen:
                doubled.setdefault(position, set()).add(within)
            seen.add(anchor)
    return doubled


def _anchored(child: StreamValue.StreamChild) -> list[StructValue]:
    return child.block.anchored(child.value) if isinstance(child.block, SectionBlock) else []


def _anchor(part: StructValue) -> str:
    return part.get("anchor") or ""


def _free_anchor(words: str, fallback: str, taken: set[str]) -> str:
    stem = slugify(words)[:90].strip("-") or fallback
    numbered = (f"{stem}-{number}" for number in count(2))
    return next(anchor for anchor in chain([stem], numbered) if anchor not in taken)


def doubled_error() -> ValidationError:
    """The error of an anchor that is on the page already."""
    return ValidationError(_("Another part of this page already has this address."))
