"""How many other documents were to follow a publish, to tell how far that is."""

from __future__ import annotations

from collections.abc import Sequence

from wagtail_delivery.models import Following
from wagtail_delivery.store.pending import count_following


def record_following(causes: Sequence[str], compiled: int, *, are_queued: bool) -> None:
    """Record how many documents follow `causes`, which were published together.

    `compiled` of them are up to date already, the others are in the queue if there are any.
    """
    if not causes:
        return
    total = compiled + (count_following(causes[0]) if are_queued else 0)
    if total:
        Following.objects.bulk_create(
            [Following(source=cause, total=total) for cause in causes],
            update_conflicts=True,
            unique_fields=["source"],
            update_fields=["total"],
        )
    else:
        Following.objects.filter(source__in=causes).delete()


def total_following(cause: str) -> int:
    """How many documents were to follow the last publish of `cause`."""
    found = Following.objects.filter(source=cause).values_list("total", flat=True).first()
    return found or 0
