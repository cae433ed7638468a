"""Submitting a page or snippet, by those who may see it.

Text crosses into another locale by a submission, so the user must be allowed to see the source.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import Any

from wagtail.models import Locale, Page
from wagtail_localize.operations import TranslationCreator

from wagtail_localize_desk.draft_copies import starts_as_draft
from wagtail_localize_desk.rights import may_see

create_unasked = TranslationCreator.create_translations


@functools.wraps(create_unasked)
def create_translations(
    creator: TranslationCreator, instance: Any, include_related_objects: bool = True
) -> None:
    """Submit `instance`; one that has no drafts, or that the user may not see, is left out.

    Those are snippets and pages that it refers to, and pages below it. Code without a user may see
    everything.
    """
    if not starts_as_draft(type(instance)):
        return
    if creator.user is None or may_submit(creator.user, instance, creator.target_locales):
        create_unasked(creator, instance, include_related_objects)


def may_submit(user: Any, instance: Any, locales: Iterable[Locale]) -> bool:
    """Whether `user` may see `instance`, and the parents that would be copied with it."""
    shown = [instance, *_copied_parents(instance, locales)]
    return all(may_see(user, content) for content in shown)


def _copied_parents(instance: Any, locales: Iterable[Locale]) -> list[Page]:
    """The parents of a page that are not in all of `locales` and would be copied there."""
    if not isinstance(instance, Page):
        return []
    parents = list(instance.get_ancestors().filter(depth__gt=1))
    wanted = {locale.pk for locale in locales}
    places = Page.objects.filter(
        translation_key__in=[parent.translation_key for parent in parents], locale_id__in=wanted
    ).values_list("translation_key", "locale_id")
    found = set(places)
    return [
        parent
        for parent in parents
        if not {(parent.translation_key, locale) for locale in wanted} <= found
    ]
