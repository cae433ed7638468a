"""The rule of the second person on the translator's screen."""

from __future__ import annotations

from typing import Any

from django import template

from cms.editors.second_person import rule

register = template.Library()


@register.simple_tag
def second_person_refusal(user: Any, content: Any) -> str:
    """Why the user may not publish a translation, and whom to ask; empty if they may."""
    return rule.refusal(user, content) if rule.translator_needs_second_person(user, content) else ""
