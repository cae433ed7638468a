"""The methods of wagtail-localize that are replaced, all in one place.

wagtail-localize has no setting or hook for how a translation is written to its target, and all of
its views end in these methods; replacing them covers every way in without a fork. A check fails
when something else has replaced them too, and a test fails when wagtail-localize changes them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wagtail_localize.models import TranslationSource

from cms.translation.restrictions import sync_view_restrictions
from cms.translation.target import create_or_update_translation

#: Method of `TranslationSource` and what stands in its place.
REPLACEMENTS: dict[str, Callable[..., Any]] = {
    "create_or_update_translation": create_or_update_translation,
    "sync_view_restrictions": sync_view_restrictions,
}


def apply() -> None:
    """Put the replacements in place."""
    for name, replacement in REPLACEMENTS.items():
        setattr(TranslationSource, name, replacement)


def missing() -> list[str]:
    """Names of the methods that are not, or no longer, ours."""
    return [
        name
        for name, replacement in REPLACEMENTS.items()
        if getattr(TranslationSource, name) is not replacement
    ]
