"""How many other documents were to follow a publish, to tell how far that is."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db.models import F
from django.db.models.functions import Greatest

from wagtail_delivery.models import Following
from wagtail_delivery.store.rows import delete_rows


def record_following(causes: Sequence[str], total: int, *, are_more: bool) -> None:
    """Record how many documents follow `causes`, which were published together.

    If there `are_more`, a worker counts them before it begins (`record_count`).
    """
    if not causes:
        return
    if total or are_more:
        Following.objects.bulk_create(
            [Following(source=cause, total=total) for cause in causes],
            update_conflicts=True,
            unique_fields=["source"],
            update_fields=["total"],
        )
    else:
        delete_rows(Following.objects.filter(source__in=causes))


def record_count(causes: Collection[str], count: int) -> None:
    """Record that so many documents follow `causes`, unless that is known already."""
    rows = Following.objects.filter(source__in=causes)
    rows.update(total=Greatest(F("total"), count))


def total_following(cause: str) -> int:
    """How many documents were to follow the last publish of `cause`."""
    found = Following.objects.filter(source=cause).values_list("total", flat=True).first()
    return found or 0
