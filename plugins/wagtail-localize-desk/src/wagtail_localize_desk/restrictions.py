"""Who may read a translated page."""

from __future__ import annotations

from wagtail.models import Page
from wagtail_localize.models import NoViewRestrictionsError, TranslationSource

_upstream = TranslationSource.sync_view_restrictions


def sync_view_restrictions(source: TranslationSource, original: Page, translation: Page) -> None:
    """Give `translation` the view restriction of `original`, unless it has one of its own.

    wagtail-localize also lifts or replaces the translation's restriction whenever a draft is saved
    or a source synchronised, which makes a private page public; here only a person does that.
    """
    if not isinstance(translation, Page):
        raise NoViewRestrictionsError
    if not translation.view_restrictions.exists():
        _upstream(source, original, translation)
