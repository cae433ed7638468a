"""What of wagtail-localize is replaced, all in one place.

wagtail-localize has no setting or hook for how a translation is written to its target, and all of
its views end in these methods; nor for who may take a translation away. Replacing them covers every
way in without a fork. A check fails when something else has replaced them too, and a test fails
when wagtail-localize changes them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from wagtail_localize.models import TranslationSource
from wagtail_localize.views import convert

from cms.translation.conversion import convert_to_alias
from cms.translation.restrictions import sync_view_restrictions
from cms.translation.target import create_or_update_translation


class Replacement(NamedTuple):
    """A method or view, what stands in its place, and what would be wrong without that."""

    owner: Any
    name: str
    ours: Callable[..., Any]
    danger: str

    def __str__(self) -> str:
        return f"{self.owner.__name__.rpartition('.')[2]}.{self.name}"


REPLACEMENTS = (
    Replacement(
        TranslationSource,
        "create_or_update_translation",
        create_or_update_translation,
        "drafts of translations may become public",
    ),
    Replacement(
        TranslationSource,
        "sync_view_restrictions",
        sync_view_restrictions,
        "translations of private pages may become public",
    ),
    Replacement(
        convert,
        "convert_to_alias",
        convert_to_alias,
        "who may only translate may take a public page away",
    ),
)


def apply() -> None:
    """Put the replacements in place, before the admin's addresses are made."""
    for replacement in REPLACEMENTS:
        setattr(replacement.owner, replacement.name, replacement.ours)


def missing() -> Iterator[Replacement]:
    """Those that are not, or no longer, in place."""
    for replacement in REPLACEMENTS:
        if getattr(replacement.owner, replacement.name) is not replacement.ours:
            yield replacement
