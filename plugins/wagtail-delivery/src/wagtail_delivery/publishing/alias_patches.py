"""The patch by which aliases of a page become public no sooner than the page itself.

Wagtail (8.0: `wagtail.actions.publish_page_revision`) updates and publishes the aliases of a page
even if the page itself is only scheduled: its text would be public at once.

An alias is as private as its page (`Page.get_view_restrictions`). The restrictions of its own, made
when it was created (`wagtail.actions.create_alias`), have no effect until it is converted to a
regular page; from then on they are its only ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from wagtail.models import Page, PageViewRestriction

from wagtail_delivery.content.aliases import chain_of
from wagtail_delivery.publishing.patching import Patch, wrapper

MARK = "_wagtail_delivery_holding_back"


def update_of_aliases() -> Iterator[Patch]:
    """Aliases are updated only if their page is live."""
    yield from wrapper(
        Page,
        "update_aliases",
        _update_if_live,
        reason="the text of a scheduled page is public at once on its aliases",
        mark=MARK,
    )


def _update_if_live(update: Callable[..., None], page: Any, *args: Any, **kwargs: Any) -> None:
    if page.live:
        update(page, *args, **kwargs)


def keep_as_private(alias: Page, source: int) -> None:
    """Copy the restrictions of the page `source` to its alias, which becomes a regular page."""
    PageViewRestriction.objects.filter(page=alias.pk).delete()
    page = Page.objects.get(pk=source)
    shown = [page, *chain_of(page)][-1]
    for restriction in shown.view_restrictions.all():
        groups = list(restriction.groups.all())
        restriction.pk = None
        restriction._state.adding = True
        restriction.page_id = alias.pk
        restriction.save()
        restriction.groups.set(groups)
