"""Titles of Acts in rich text rendered by templates."""

from __future__ import annotations

import re

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

# Links do not nest, so a reference ends at the next closing tag of a link.
_REFERENCE = re.compile(
    r'(?P<tag><a data-type="act"[^>]*?)(?: data-title="(?P<title>[^"]*)")?>(?P<words>.*?)</a>',
    re.DOTALL,
)


@register.filter
def with_act_titles(html: str) -> SafeString:
    """`html`, rendered by Wagtail from rich text, with each Act's title inside its reference.

    A reference without a title leaves its words, because the Act is not public.
    """
    # Wagtail rendered the HTML, and the title is already escaped in its attribute.
    return mark_safe(_REFERENCE.sub(_shown, html))  # noqa: S308


def _shown(reference: re.Match[str]) -> str:
    title = reference["title"]
    return f"{reference['tag']}>{title}</a>" if title else reference["words"]
