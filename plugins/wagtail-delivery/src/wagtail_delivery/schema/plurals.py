"""Plural names of types."""

from __future__ import annotations


def plural(name: str) -> str:
    """The English plural of a snake_case name, by spelling rules alone.

    WAGTAIL_DELIVERY["PLURAL_NAMES"] overrides it.
    """
    if name.endswith(("s", "x", "z", "ch", "sh")):
        return f"{name}es"
    if name.endswith("y") and name[-2:-1] not in "aeiou":
        return f"{name[:-1]}ies"
    return f"{name}s"
