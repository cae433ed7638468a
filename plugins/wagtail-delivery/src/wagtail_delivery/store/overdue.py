"""Schedules that are due and could not be carried out yet: when they are tried again, and why not.

A row is written before the work and deleted in the transaction that does it. So what ends its
process each time waits longer and longer as well, and of two schedulers with the same row only the
one that can delete it does the work.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from wagtail_delivery.models import OverdueSchedule
from wagtail_delivery.store.pending import WAIT


def waiting() -> dict[str, OverdueSchedule]:
    """All rows, by their sources."""
    return {row.source: row for row in OverdueSchedule.objects.all()}


def forget(rows: Iterable[OverdueSchedule]) -> None:
    """Delete `rows`, because their schedules were changed or cancelled."""
    pks = [row.pk for row in rows]
    if pks:
        OverdueSchedule.objects.filter(pk__in=pks).delete()


def begin(source: str, due_at: datetime, *, at_once: bool = False) -> OverdueSchedule | None:
    """Record an attempt, also before its time if `at_once`.

    None if another scheduler has just begun, or carried it out.
    """
    now = timezone.now()
    first = {"due_at": due_at, "attempts": 1, "not_before": now + WAIT.after(1)}
    row, is_new = OverdueSchedule.objects.get_or_create(source=source, defaults=first)
    if is_new:
        return row
    unchanged = OverdueSchedule.objects.filter(pk=row.pk, attempts=row.attempts)
    attempts = row.attempts + 1
    found = 0
    if row.due_at != due_at:
        found = unchanged.update(**first, failure="", told="")
    elif at_once or row.not_before <= now:
        found = unchanged.update(attempts=attempts, not_before=now + WAIT.after(attempts))
    if not found:
        return None
    row.refresh_from_db()
    return row


def finish(row: OverdueSchedule) -> bool:
    """Whether the caller is to do the work; call it first in the transaction that does."""
    return bool(OverdueSchedule.objects.filter(pk=row.pk).delete()[0])


def record_failure(row: OverdueSchedule, failure: str) -> None:
    """Keep why an attempt failed; when the next one follows, `begin` has set."""
    row.failure = failure
    OverdueSchedule.objects.filter(pk=row.pk).update(failure=failure)


def record_told(row: OverdueSchedule) -> None:
    """Keep which failure somebody was told of."""
    row.told = row.failure
    OverdueSchedule.objects.filter(pk=row.pk).update(told=row.failure)
