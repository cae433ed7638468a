"""Waiting until the database that is read has a change: bounded, and without a connection.

A waiting request occupies a thread of the server, so only a few may wait at the same time
(WAITING_REQUESTS). Together they look every quarter of a second, and close the connection after
each look.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from http import HTTPStatus
from time import monotonic, sleep

from wagtail_delivery.api.problems import ProblemError
from wagtail_delivery.api.queries import connection as queries
from wagtail_delivery.conf import delivery_settings

#: Seconds between two looks, of all requests of a process together.
INTERVAL = 0.25
#: Seconds that a request waits for a state that it must not be older than.
FLOOR_TIMEOUT = 2.0


class _Look:
    """The number of one database's change log, as of the last look."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._looked_at = float("-inf")
        self._sequence = 0

    def sequence(self) -> int:
        """The number now; another request's look counts if it was just before."""
        with self._lock:
            if monotonic() - self._looked_at >= INTERVAL / 2:
                try:
                    self._sequence = queries.latest_sequence()
                finally:
                    queries.release()
                self._looked_at = monotonic()
            return self._sequence


_looks: defaultdict[str, _Look] = defaultdict(_Look)
_counting = threading.Lock()
_waiting = 0


def wait_for(sequence: int, seconds: float) -> bool:
    """Wait until the database has `sequence`; false after `seconds`, or at once if many wait."""
    global _waiting
    with _counting:
        if _waiting >= delivery_settings().WAITING_REQUESTS:
            return False
        _waiting += 1
    try:
        return _wait_for(sequence, seconds)
    finally:
        with _counting:
            _waiting -= 1


def _wait_for(sequence: int, seconds: float) -> bool:
    look = _looks[queries.alias()]
    queries.release()
    deadline = monotonic() + seconds
    while (left := deadline - monotonic()) > 0:
        sleep(min(INTERVAL, left))
        if look.sequence() >= sequence:
            return True
    return False


def require_sequence(sequence: int) -> None:
    """Raise ProblemError (503) if the database does not have `sequence` within a short time."""
    if queries.latest_sequence() < sequence and not wait_for(sequence, FLOOR_TIMEOUT):
        raise is_behind()


def is_behind() -> ProblemError:
    """503: this state has not arrived here."""
    return ProblemError(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "The content that is asked for has not arrived here yet.",
        headers={"Retry-After": "2"},
    )
