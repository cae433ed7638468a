"""Following the change log for each cache: purge first, then move its position.

A position is moved only after the cache has confirmed, so no entry is skipped, and a worker that is
killed purges some of them twice. Nothing is locked while a cache is asked.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db.models import F, Max, Q, QuerySet
from django.utils import timezone

from wagtail_delivery.metrics.recorder import recorder
from wagtail_delivery.models import Change, PurgeTarget
from wagtail_delivery.purging.targets import purger_of
from wagtail_delivery.store.growing_waits import GrowingWait

logger = logging.getLogger(__name__)

#: Entries that are purged at once.
BATCH = 100
#: So long other workers leave alone what one has begun, and a cache waits after one was killed.
CLAIM = timedelta(seconds=30)
WAIT = GrowingWait(first=timedelta(seconds=1), growth=2, longest=timedelta(minutes=5))


def purge_next(name: str) -> bool:
    """Purge the cache `name` of the next entries of the change log; returns whether it did.

    A worker calls it again and again, for each cache in a thread of its own. A cache that cannot be
    purged is tried again later, with the same entries.
    """
    target = _target(name)
    entries = Change.objects.filter(sequence__gt=target.sequence).order_by("sequence")
    if not entries.exists() or not _claim(target):
        return False
    part = list(entries[:BATCH])
    # The log keeps entries for longer than anything keeps responses, so pruned ones need no purge.
    told = [entry for entry in part if entry.action != Change.PRUNED]
    try:
        if told:
            purger_of(name).purge(told)
    except Exception as error:  # whatever a cache or the network does
        _fail(target, error)
        return False
    _advance(target, part[-1].sequence)
    if (metrics := recorder()) is not None:
        now = timezone.now()
        metrics.purged(name, [(now - entry.recorded_at).total_seconds() for entry in told])
    return True


def _target(name: str) -> PurgeTarget:
    """The row of a cache; a new one begins at the present end of the log."""
    try:
        return PurgeTarget.objects.get(name=name)
    except PurgeTarget.DoesNotExist:
        end = Change.objects.aggregate(end=Max("sequence"))["end"] or 0
        return PurgeTarget.objects.get_or_create(name=name, defaults={"sequence": end})[0]


def _claim(target: PurgeTarget) -> bool:
    """Begin with the entries after the position; false if another worker has, or if it is to wait.

    It counts as an attempt now, as the worker may be killed.
    """
    now = timezone.now()
    due = Q(not_before=None) | Q(not_before__lte=now)
    return bool(
        _unmoved(target).filter(due).update(attempts=F("attempts") + 1, not_before=now + CLAIM)
    )


def _advance(target: PurgeTarget, sequence: int) -> None:
    _unmoved(target).update(sequence=sequence, attempts=0, not_before=None, failure="")


def _fail(target: PurgeTarget, error: Exception) -> None:
    # The row was read before this attempt was counted.
    wait = WAIT.after(target.attempts + 1)
    failure = str(error) or type(error).__name__
    logger.warning(
        "The cache %s cannot be purged; the next attempt follows: %s", target.name, failure
    )
    if (metrics := recorder()) is not None:
        metrics.purge_failed(target.name)
    _unmoved(target).update(failure=failure, not_before=timezone.now() + wait)


def _unmoved(target: PurgeTarget) -> QuerySet[PurgeTarget]:
    """The row of `target`, unless another worker has moved its position in the meantime."""
    return PurgeTarget.objects.filter(pk=target.pk, sequence=target.sequence)
