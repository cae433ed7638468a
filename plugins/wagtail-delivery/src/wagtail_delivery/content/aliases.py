"""Which pages show what a page shows."""

from __future__ import annotations

from collections.abc import Mapping

from wagtail.models import Page


def with_aliases(paths: Mapping[int, str]) -> dict[int, str]:
    """Pages, by primary key with their paths in the tree, and the aliases of each, and theirs."""
    found = dict(paths)
    new = found
    while new:
        aliases = Page.objects.filter(alias_of__in=list(new)).exclude(pk__in=list(found))
        new = dict(aliases.values_list("pk", "path"))
        found |= new
    return found
