"""Aliases of pages are public no sooner than what they show.

Wagtail (8.0: `wagtail.actions.publish_page_revision`) brings the aliases of a page up to date, and
publishes them, also where the page itself is only scheduled: its text would be public at once.

An alias is as private as its page (`Page.get_view_restrictions`): restrictions of its own, copied
when it was made (`wagtail.actions.create_alias`), do not count until it is a page of its own, and
would then be all that it has.
"""

from __future__ import annotations

import functools
from typing import Any

from wagtail.models import Page, PageViewRestriction


def hold_back_aliases() -> None:
    """Let the aliases of a page that is not live stay as they are; once, when the app is ready."""
    update_aliases = Page.update_aliases

    @functools.wraps(update_aliases)
    def update_aliases_of_live_page(page: Any, *args: Any, **kwargs: Any) -> None:
        if page.live:
            update_aliases(page, *args, **kwargs)

    Page.update_aliases = update_aliases_of_live_page


def keep_as_private(alias: Page, source: int) -> None:
    """`alias` is to be a page of its own: restrict it as the page `source` that it shows is."""
    PageViewRestriction.objects.filter(page=alias.pk).delete()
    for restriction in _first_page(source).view_restrictions.all():
        groups = list(restriction.groups.all())
        restriction.pk = None
        restriction._state.adding = True
        restriction.page_id = alias.pk
        restriction.save()
        restriction.groups.set(groups)


def _first_page(pk: int) -> Page:
    """The page at the end of a chain of aliases."""
    page = Page.objects.only("pk", "alias_of").get(pk=pk)
    return page if page.alias_of_id is None else _first_page(page.alias_of_id)
