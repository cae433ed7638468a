"""What is left to do in a translation: in the report and in lists.

wagtail-localize counts strings without words. The old translation of changed words is none of them,
so what is left is told from the states.
"""

from __future__ import annotations

import functools

from django.db.models import Count, Exists, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from wagtail_localize.models import Translation

from wagtail_localize_desk.models import Reason, State, TranslatedString

_status_display = Translation.get_status_display
OPEN = (State.UNTRANSLATED, State.NEEDS_REVIEW)


def with_open_strings(translations: QuerySet[Translation]) -> QuerySet[Translation]:
    """Translations with `open_strings`: how many strings are untranslated or need review."""
    rows = TranslatedString.objects.filter(
        object_key=OuterRef("source__object_id"),
        target_language=OuterRef("target_locale__language_code"),
        number__isnull=False,
        state__in=OPEN,
    )
    counts = rows.order_by().values("object_key").annotate(count=Count("pk")).values("count")
    found: QuerySet[Translation] = translations.annotate(
        open_strings=Coalesce(Subquery(counts), 0, output_field=IntegerField()),
        is_outdated=Exists(rows.filter(reason=Reason.SOURCE_CHANGED)),
        needs_review=Exists(rows.filter(state=State.NEEDS_REVIEW)),
        # The report filters by this.
        waiting_for_translation=Exists(rows),
    )
    return found


@functools.wraps(_status_display)
def get_status_display(translation: Translation) -> str:
    """The status in the report; one whose source has changed is not up to date."""
    known = translation
    if not hasattr(translation, "is_outdated"):
        known = with_open_strings(Translation.objects.filter(pk=translation.pk)).get()
    if known.is_outdated:
        return str(Reason.SOURCE_CHANGED.label)
    if known.needs_review:
        return str(State.NEEDS_REVIEW.label)
    if getattr(known, "all_strings", 0):
        # The report has counted them; wagtail-localize would ask for each translation.
        return _("Waiting for translations") if known.open_strings else _("Up to date")
    return _status_display(translation)  # type: ignore[no-any-return]
