"""Attributes of other packages that an app of the product replaces.

Each app that patches has one table. It is applied when the app is ready, a system check fails when
other code has replaced a patch, and a test fails when a patched package is upgraded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core import checks


@dataclass(frozen=True)
class Patch:
    """An attribute of another package and its replacement.

    `reason` says what breaks without the patch; `upstream` names the package, version and file of
    the code at fault.
    """

    owner: Any
    name: str
    replacement: Any
    reason: str
    upstream: str = ""

    def __str__(self) -> str:
        owner = getattr(self.owner, "__qualname__", None) or getattr(self.owner, "__name__", None)
        return f"{owner or self.owner}.{self.name}"

    def apply(self) -> None:
        if not self.is_in_place:
            setattr(self.owner, self.name, self.replacement)

    @property
    def is_in_place(self) -> bool:
        """Whether the replacement runs, be it within another app's `functools.wraps` wrapper."""
        found = getattr(self.owner, self.name, None)
        while found is not None and found is not self.replacement:
            found = getattr(found, "__wrapped__", None)
        return found is not None


def apply(patches: Iterable[Patch]) -> None:
    """Install patches; called once the models of all apps are loaded."""
    for patch in patches:
        patch.apply()


def missing(patches: Iterable[Patch]) -> Iterator[Patch]:
    """The patches that are not, or no longer, in place."""
    return (patch for patch in patches if not patch.is_in_place)


def register_check(app: str, patches: Iterable[Patch], id: str) -> None:
    """Register a system check with one error for each of an app's patches that is not in place."""

    def check_patches_are_in_place(**kwargs: Any) -> list[checks.CheckMessage]:
        return [
            checks.Error(
                f"{patch} is no longer what {app} installed, so {patch.reason}.",
                hint=f"Remove the app that patches it too, or list {app} after that app.",
                id=id,
            )
            for patch in missing(patches)
        ]

    checks.register(check_patches_are_in_place)
