"""The aliases of pages: pages that show another page's content."""

from __future__ import annotations

from collections.abc import Mapping

from wagtail.models import Page


def with_aliases(paths: Mapping[int, str]) -> dict[int, str]:
    """`paths` and the aliases of those pages, at any depth: tree paths by primary key."""
    found = dict(paths)
    new = found
    while new:
        aliases = Page.objects.filter(alias_of__in=list(new)).exclude(pk__in=list(found))
        new = dict(aliases.values_list("pk", "path"))
        found |= new
    return found
