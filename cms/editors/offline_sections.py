"""The pages that leave the public site with a page above them, which is unpublished."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from wagtail.models import Page

from cms.editors import sight

#: How many are named.
NAMED = 50


def hidden_with(user: Any, pages: Iterable[Page]) -> list[str]:
    """The titles of the public pages below `pages` that the admin shows to `user`."""
    below = Q(pk__in=[])
    for page in pages:
        if page.live and not page.is_leaf() and not _is_hidden(page):
            below |= Q(path__startswith=page.path, depth__gt=page.depth)
    found = Page.objects.filter(below)
    # What is below a draft is hidden already.
    drafts = tuple(found.filter(live=False, numchild__gt=0).values_list("path", flat=True))
    shown = sight.shown_pages(user, found.filter(live=True)).order_by("path")
    rows = shown.values_list("path", "title")
    return [title for path, title in rows if not path.startswith(drafts)]


def _is_hidden(page: Page) -> bool:
    above = page.get_ancestors().filter(depth__gt=sight.ROOT_DEPTH, live=False)
    return bool(above.exists())
