"""View restrictions of translated pages."""

from __future__ import annotations

from wagtail.models import Page
from wagtail_localize.models import NoViewRestrictionsError, TranslationSource

_upstream = TranslationSource.sync_view_restrictions


def sync_view_restrictions(source: TranslationSource, original: Page, translation: Page) -> None:
    """Copy the view restriction of `original` to `translation`, unless it has one of its own.

    wagtail-localize also removes or replaces the translation's own restriction each time a draft is
    saved or a source is synced, which can make a private page public. Raises
    NoViewRestrictionsError if `translation` is not a page.
    """
    if not isinstance(translation, Page):
        raise NoViewRestrictionsError
    if original.view_restrictions.exists() and not translation.view_restrictions.exists():
        _upstream(source, original, translation)
