"""The query for the state of the queue of documents."""
# ruff: noqa: S608 - see `queries`

from __future__ import annotations

import datetime
from typing import NamedTuple

from wagtail_delivery.api.queries import connection as queries
from wagtail_delivery.api.queries.connection import moment
from wagtail_delivery.models import PendingDependents, PendingDocument, WorkerSign

PENDING = PendingDocument._meta.db_table
DEPENDENTS = PendingDependents._meta.db_table
SIGNS = WorkerSign._meta.db_table


class QueueState(NamedTuple):
    """Numbers only, which anybody may read."""

    #: Documents that are to be compiled again, without those that failed. Of a change whose
    #: dependents no worker has counted yet, at least so many.
    waiting: int
    failed: int
    #: Since when the oldest of those that wait is in the queue.
    oldest: datetime.datetime | None
    #: When a worker signed last.
    seen_at: datetime.datetime | None


def queue_state() -> QueueState:
    """The state of the queue, in one query."""
    [row] = queries.rows(
        "SELECT COALESCE(SUM(CASE WHEN failure = '' THEN 1 ELSE 0 END), 0), "
        "COALESCE(SUM(CASE WHEN failure = '' THEN 0 ELSE 1 END), 0), "
        "MIN(CASE WHEN failure = '' THEN recorded_at END), "
        f"(SELECT COALESCE(SUM(waiting), 0) FROM {DEPENDENTS}), "
        f"(SELECT MIN(recorded_at) FROM {DEPENDENTS}), (SELECT MAX(seen_at) FROM {SIGNS}) "
        f"FROM {PENDING}",
        [],
    )
    queued, failed, *since, seen_at = row
    waiting = since.pop(1)
    oldest = min(filter(None, map(moment, since)), default=None)
    return QueueState(int(queued) + int(waiting), int(failed), oldest, moment(seen_at))
