"""Compiling the documents that show something that changed, in its transaction or after it.

A document that follows never refuses a publish. If it cannot be compiled, it keeps its place in the
queue with the reason, and is tried again. One that may show what is no longer public is removed if
it still cannot be compiled after a minute.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from wagtail_delivery.content.snapshot import SiteSnapshot
from wagtail_delivery.encoding.image_faults import file_work
from wagtail_delivery.metrics.recorder import recorder
from wagtail_delivery.models import PendingDependents, PendingDocument
from wagtail_delivery.publishing.compiling import Failing, put_each
from wagtail_delivery.publishing.error_texts import failure_of
from wagtail_delivery.publishing.fault_reports import report_faults
from wagtail_delivery.publishing.pending_changes import compiling, locked_block
from wagtail_delivery.store.documents import withdraw
from wagtail_delivery.store.pending import (
    Reason,
    add_next_dependents,
    claim,
    claimed,
    dequeue,
    enqueue,
    record_failure,
    release,
    sign_on,
)
from wagtail_delivery.store.redirects import update_home_redirects

logger = logging.getLogger(__name__)

#: Documents that a worker begins at once, and seconds after which it gives the lock to others.
BATCH, BATCH_SECONDS = 100, 0.2
#: So long a document may show what is no longer public because it cannot be compiled.
LONGEST_SHOWN = timedelta(minutes=1)


def compile_dependents(sources: Sequence[str], reason: Reason, snapshot: SiteSnapshot) -> set[str]:
    """Compile `sources` in the transaction of the change; returns those that could be compiled.

    The others are queued.
    """
    if not sources:
        return set()
    with file_work() as work:
        attempt = put_each(sources, snapshot)
    report_faults(work)
    failed = attempt.failures
    enqueue(failed, reason)
    for row in PendingDocument.objects.filter(source__in=failed) if failed else ():
        _fail(row, failed[row.source])
    return attempt.outcomes.keys() - failed.keys()


def compile_next_pending() -> bool:
    """Compile the documents that are next in the queue; returns whether there were any.

    A worker calls it again and again. While it does, publishes leave documents to it. It holds the
    publishing lock for about BATCH_SECONDS. A worker may be killed at any time: what it did not
    commit stays in the queue.
    """
    sign_on()
    return _compile_next()


def _compile_next() -> bool:
    are_added = PendingDependents.objects.exists() and _add_next()
    with transaction.atomic():
        rows = claim(BATCH)
    if not rows:
        return are_added
    with locked_block() as changes, compiling(changes), file_work() as work:
        until = time.monotonic() + BATCH_SECONDS
        snapshot = SiteSnapshot()
        waiting = {row.source: row for row in claimed(rows)}
        attempt = put_each(waiting, snapshot, until)
        release(row for source, row in waiting.items() if source not in attempt.begun)
        for source, error in attempt.failures.items():
            _fail(waiting[source], error)
        update_home_redirects(snapshot, attempt.outcomes)
        dequeue(attempt.outcomes)
    report_faults(work)
    _record([row for source, row in waiting.items() if source in attempt.outcomes])
    return True


def _add_next() -> bool:
    with locked_block():
        return add_next_dependents()


def _record(rows: Sequence[PendingDocument]) -> None:
    """Record how long the documents of `rows`, which have just been committed, were out of date."""
    if (metrics := recorder()) is not None:
        for row in rows:
            metrics.followed((timezone.now() - row.recorded_at).total_seconds())


def compile_all_pending() -> None:
    """Compile the queue without a worker; an error is logged, and the rest stays."""
    try:
        while _compile_next():
            pass
    except Exception:  # the publish has been committed
        logger.exception("The documents that follow a publish wait for the next one.")


def _fail(row: PendingDocument, error: Failing) -> None:
    logger.warning("The document of %s cannot be compiled: %s", row.source, error)
    record_failure(row, failure_of(error))
    is_late = timezone.now() - row.recorded_at >= LONGEST_SHOWN
    if row.is_withdrawal and is_late and withdraw([row.source]):
        logger.error("The document of %s was removed: it may show what is private.", row.source)
