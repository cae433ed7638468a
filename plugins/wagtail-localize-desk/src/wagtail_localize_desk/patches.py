"""Every attribute of other packages that this plugin replaces.

wagtail-localize has no setting or hook for writing a translation to its target, nor for deciding
who may discard one. All of its views end in the attributes below, so replacing them covers every
entry point without a fork. A system check fails if another app replaces them as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from wagtail_localize.models import TranslationSource
from wagtail_localize.views import convert

from wagtail_localize_desk.alias_conversion import convert_to_alias
from wagtail_localize_desk.restrictions import sync_view_restrictions
from wagtail_localize_desk.target_writer import create_or_update_translation


@dataclass(frozen=True)
class Patch:
    """One attribute of another package, and its replacement."""

    #: The class or module that has the attribute.
    owner: Any
    name: str
    replacement: Callable[..., Any]
    #: The consequence of running without the patch, as the end of an error message.
    risk: str
    #: The upstream issue or pull request that would make the patch unnecessary, if there is one.
    upstream: str = ""

    def __str__(self) -> str:
        return f"{self.owner.__name__.rpartition('.')[2]}.{self.name}"

    def is_applied(self) -> bool:
        return getattr(self.owner, self.name, None) is self.replacement


PATCHES = (
    Patch(
        TranslationSource,
        "create_or_update_translation",
        create_or_update_translation,
        risk="saving a draft of a translation may make it public",
        upstream="https://github.com/wagtail/wagtail-localize/issues/463",
    ),
    Patch(
        TranslationSource,
        "sync_view_restrictions",
        sync_view_restrictions,
        risk="the translation of a private page may become public",
    ),
    Patch(
        convert,
        "convert_to_alias",
        convert_to_alias,
        risk="a user without the right to publish may take a public translation offline",
    ),
)


def apply() -> None:
    """Put all patches in place; call it once, before the admin's URLs are loaded."""
    for patch in PATCHES:
        setattr(patch.owner, patch.name, patch.replacement)


def missing() -> Iterator[Patch]:
    """Patches that are not in place, because another app replaced the attribute later."""
    return (patch for patch in PATCHES if not patch.is_applied())
