"""How a method of another package is patched, and how a lost patch is found."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

#: What a wrapper does instead of calling a method; called with the method and its arguments.
Around = Callable[..., Any]

#: Every patch in place, in the order of application.
_applied: list[Patch] = []


@dataclass(frozen=True)
class Patch:
    """One attribute of another package, and its replacement."""

    #: The class that has the attribute, itself or from a parent.
    owner: type[Any]
    name: str
    replacement: Callable[..., Any]
    #: The consequence of running without the patch, as the end of an error message.
    reason: str
    #: The upstream issue or pull request that would make the patch unnecessary, if there is one.
    upstream: str = ""

    def __str__(self) -> str:
        return f"{self.owner.__module__}.{self.owner.__qualname__}.{self.name}"

    def current_module(self) -> str:
        """The module of the method that is in place now."""
        return getattr(getattr(self.owner, self.name, None), "__module__", "unknown")

    def is_applied(self) -> bool:
        """Whether the replacement runs, be it within another app's `functools.wraps` wrapper."""
        return self.replacement in _layers(self.owner.__dict__.get(self.name))


def wrapper(
    owner: type[Any], name: str, around: Around, *, reason: str, mark: str
) -> Iterator[Patch]:
    """The patch by which `around` runs instead of a method; none if it has one with this `mark`.

    `around` is called with the method as it was, its object, and the arguments. `mark` becomes an
    attribute of the replacement.
    """
    original = getattr(owner, name)
    if name in owner.__dict__ and hasattr(original, mark):
        return

    @functools.wraps(original)
    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        return around(original, self, *args, **kwargs)

    setattr(method, mark, True)
    yield Patch(owner, name, method, reason)


def install(patches: Iterator[Patch]) -> None:
    """Put patches in place, each before the next one is made: it may wrap what came before."""
    for patch in patches:
        setattr(patch.owner, patch.name, patch.replacement)
        _applied.append(patch)


def applied() -> tuple[Patch, ...]:
    """All patches that were put in place."""
    return tuple(_applied)


def missing() -> Iterator[Patch]:
    """Patches that are not in place, because other code replaced the attribute later."""
    return (patch for patch in _applied if not patch.is_applied())


def _layers(method: Any) -> Iterator[Any]:
    """A method and the methods that it wraps, from the outside in."""
    while method is not None:
        yield method
        method = getattr(method, "__wrapped__", None)
