"""Template tag for inline scripts."""

from __future__ import annotations

from django import template

from cms.content_policy.nonces import current_nonce

register = template.Library()


@register.simple_tag
def script_nonce() -> str:
    """The nonce for the `nonce` attribute of an inline script."""
    return current_nonce()
