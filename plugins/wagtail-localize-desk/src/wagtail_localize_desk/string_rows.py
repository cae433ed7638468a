"""Changing the rows of strings in bulk, together with their history."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Q
from wagtail.log_actions import get_active_log_context

from wagtail_localize_desk.models import (
    CHANGING,
    Method,
    Reason,
    State,
    StringChange,
    TranslatedString,
)


def acting_user() -> Any:
    """The user of Wagtail's log context, which the admin sets for each request."""
    return get_active_log_context().user


@dataclass
class Changes:
    """Rows and entries of the history that are saved together."""

    rows: list[TranslatedString] = field(default_factory=list)
    entries: list[StringChange] = field(default_factory=list)
    superfluous: list[int] = field(default_factory=list)

    def keep(self, row: TranslatedString, entry: StringChange | None = None) -> None:
        """Save `row`, which was changed, and the entry."""
        # A new string that has a translation already is changed twice, and inserted once.
        if not self.rows or self.rows[-1] is not row:
            self.rows.append(row)
        if entry is not None:
            self.entries.append(entry)

    def drop(self, row: TranslatedString) -> None:
        """Delete `row`, which never had a translation."""
        self.superfluous.append(row.pk)

    def save(self) -> None:
        """Save everything in at most five statements, or one more for some hundred rows."""
        new = list({id(row): row for row in self.rows if row.pk is None}.values())
        old = {row.pk: row for row in self.rows if row.pk is not None}
        with transaction.atomic(savepoint=False):
            if self.superfluous:
                # What somebody has said about a string stays.
                unused = TranslatedString.objects.filter(pk__in=self.superfluous)
                unused.filter(comments__isnull=False).update(number=None)
                unused.filter(comments__isnull=True).delete()
            if old:
                TranslatedString.objects.bulk_update(old.values(), CHANGING)
            if new:
                TranslatedString.objects.bulk_create(new)
            if self.entries:
                StringChange.objects.bulk_create(self.entries)
        self.rows, self.entries, self.superfluous = [], [], []


def set_aside(object_key: Any, language: str) -> None:
    """Keep the strings of content that is deleted in a language, to be offered when it returns.

    Those that were translated from it are set aside as well.
    """
    changes = Changes()
    rows = TranslatedString.objects.filter(
        Q(target_language=language) | Q(source_language=language), object_key=object_key
    )
    for row in rows.select_for_update():
        if row.written_at is None:
            changes.drop(row)
            continue
        row.number = None
        state, reason = row.state, row.reason
        if row.words:
            state, reason = State.NEEDS_REVIEW, Reason.MEMORY
        entry = row.change(state, reason, method=Method.DELETION, user=acting_user())
        changes.keep(row, entry)
    changes.save()


def rows_of(
    object_key: Any, languages: Iterable[str] | None = None
) -> dict[str, list[TranslatedString]]:
    """The locked rows of an object by target language, in their order."""
    rows = TranslatedString.objects.filter(object_key=object_key)
    if languages is not None:
        rows = rows.filter(target_language__in=list(languages))
    found: dict[str, list[TranslatedString]] = {}
    for row in rows.select_for_update().order_by("pk"):
        found.setdefault(row.target_language, []).append(row)
    return found
