"""Earlier versions of strings, and bringing one back."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from wagtail_localize_desk.models import Method, Reason, State, StringChange, TranslatedString
from wagtail_localize_desk.string_rows import Changes
from wagtail_localize_desk.upstream_strings import with_upstream, write_upstream


def history_of(object_key: Any, language: str, path: str | None = None) -> QuerySet[StringChange]:
    """All changes of the strings of a page or snippet in a language, oldest first.

    With a content path, those of the texts that are or were there.
    """
    found = StringChange.objects.filter(
        string__object_key=object_key, string__target_language=language
    ).select_related("string")
    return found if path is None else found.filter(path=path)


def restore_version(change: StringChange, user: Any) -> TranslatedString:
    """Give a string the words that it had after `change`; returns its row.

    If its source has changed since, it needs review. The words are in the translation editor at
    once, and public when the translation is published.
    """
    with transaction.atomic():
        rows = TranslatedString.objects.select_for_update(of=("self",))
        row = with_upstream(rows).get(pk=change.string_id)
        state: str = State.NEEDS_REVIEW
        reason: str = Reason.SOURCE_CHANGED
        if not change.words_after:
            state, reason = State.UNTRANSLATED, ""
        elif change.made_from == row.source_words:
            state, reason = State.TRANSLATED, ""
        entry = row.change(
            state,
            reason,
            method=Method.RESTORE,
            user=user,
            words=change.words_after,
            made_from=change.made_from,
        )
        changes = Changes()
        changes.keep(row, entry)
        changes.save()
        write_upstream([row], user)
    found: TranslatedString = row
    return found
