"""Titles of Acts in rich text that a template shows."""

from __future__ import annotations

import re

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

# Links do not nest, so a reference ends at the next end of a link.
_REFERENCE = re.compile(
    r'(?P<tag><a data-type="act"[^>]*?)(?: data-title="(?P<title>[^"]*)")?>.*?</a>', re.DOTALL
)


@register.filter
def with_act_titles(html: str) -> SafeString:
    """`html`, which Wagtail made of a rich text, with the title of each Act in its reference.

    A reference that has no title is left out, words and all: the Act is not public, and its words
    may be no longer what they were.
    """
    # The HTML is Wagtail's, and so is the title: escaped in the attribute that it came in.
    return mark_safe(_REFERENCE.sub(_shown, html))  # noqa: S308


def _shown(reference: re.Match[str]) -> str:
    title = reference["title"]
    return f"{reference['tag']}>{title}</a>" if title else ""
