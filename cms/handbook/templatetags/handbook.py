"""Links to sections of the officers' handbook, under their titles in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence

from django import template
from django.utils.translation import get_language

from cms.handbook.reading import OFFICERS, Section, handbook

register = template.Library()


@register.simple_tag
def handbook_sections(*anchors: str) -> Sequence[Section]:
    """The sections with these anchors. Raises `KeyError` for one that the handbook lacks."""
    book = handbook(OFFICERS, get_language() or "")
    sections = {section.anchor: section for section in book.sections}
    return [sections[anchor] for anchor in anchors]
