"""Template tags about the admin's languages."""

from __future__ import annotations

from django import template
from django.utils.translation import get_language

from cms.admin_language.languages import admin_languages

register = template.Library()


@register.simple_tag
def other_admin_languages() -> list[tuple[str, str]]:
    """The languages other than the active one, as pairs of code and own name."""
    return [pair for pair in admin_languages().items() if pair[0] != get_language()]
