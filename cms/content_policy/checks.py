"""System check: the product does not start when one of its patches has been overwritten."""

from __future__ import annotations

from typing import Any

from django.core import checks

from cms.content_policy import patches


def check_patches_are_in_place(**kwargs: Any) -> list[checks.CheckMessage]:
    """One error for each patch that other code has replaced."""
    return [
        checks.Error(
            f"{patch} is no longer what cms.content_policy installed, so {patch.reason}.",
            hint="Remove the app that patches it too, or list cms.content_policy after that app.",
            id="cms_content_policy.E001",
        )
        for patch in patches.missing()
    ]


def register() -> None:
    checks.register(check_patches_are_in_place)
