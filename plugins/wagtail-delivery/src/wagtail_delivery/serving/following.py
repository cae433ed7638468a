"""Keeps the memory of answers as new as the change log, in a thread of its own."""

from __future__ import annotations

import datetime
import logging
import threading
from time import monotonic

from django.db import connections, router
from django.utils import timezone

from wagtail_delivery.api.queries import connection as queries
from wagtail_delivery.metrics.recorder import recorder
from wagtail_delivery.models import PublishedDocument
from wagtail_delivery.serving.change_feed import MOST_ENTRIES, Entry, Part, entries_from, expiries
from wagtail_delivery.serving.kept_answers import KeptAnswers
from wagtail_delivery.serving.listening import Listener

logger = logging.getLogger(__name__)

#: Seconds between two looks at the log, if nothing tells of a change.
INTERVAL = 0.1
#: Seconds after which nobody knows any more whether the memory is current.
BOUND = 0.25


class Follower:
    """Follows the log for one memory of answers."""

    def __init__(self, kept: KeptAnswers) -> None:
        self._kept = kept
        self._alias: str = router.db_for_read(PublishedDocument)
        #: When it was last known that the memory has every change; never at first.
        self.confirmed_at = float("-inf")
        #: Whether the database does not answer.
        self.is_away = False
        self._lock = threading.Lock()
        #: When the last entry that was applied was recorded: its identity, with its number.
        self._mark: datetime.datetime | None = None
        self._has_begun = False
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()

    def start(self) -> None:
        """Follow from now on, if this process does not already."""
        thread = self._thread
        if thread is not None and thread.is_alive():
            return
        with self._lock:
            if self._thread is not thread or self._stopping.is_set():
                return
            self._thread = threading.Thread(
                target=self._follow, name="delivery-memory", daemon=True
            )
            self._thread.start()

    def forget_parent(self) -> None:
        """In a forked process: no thread and no lock of the parent is there."""
        self._lock = threading.Lock()
        self._thread = None
        self.confirmed_at = float("-inf")

    def stop(self) -> None:
        """End the thread, and wait for it."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()

    def catch_up(self) -> None:
        """Apply all that is in the log now. Raises a DatabaseError if that cannot be read."""
        with queries.reading(self._alias):
            while not self._read():
                pass

    def _read(self) -> bool:
        """Apply the next entries; whether that was all."""
        asked_at, sequence = monotonic(), self._kept.sequence
        part = entries_from(sequence)
        with self._lock:
            # Otherwise another thread has applied some in the meantime.
            return self._kept.sequence == sequence and self._apply(part, asked_at)

    def _apply(self, part: Part, asked_at: float) -> bool:
        kept, entries = self._kept, part.entries
        if not self._has_begun or not self._goes_on(part):
            # The number first: what is published after it is in the log.
            kept.reset(part.sequence)
            self._mark = None
            kept.expect(expiries())
            self._has_begun = True
            return False
        for entry in entries:
            if entry.sequence > kept.sequence:
                self._apply_entry(entry)
            elif entry.sequence == kept.sequence and self._mark is None:
                self._mark = entry.recorded_at
        if kept.sequence < part.sequence:
            return False
        self.confirmed_at = max(self.confirmed_at, asked_at)
        self.is_away = False
        if (metrics := recorder()) is not None:
            metrics.confirmed(timezone.now().timestamp())
        return True

    def _apply_entry(self, entry: Entry) -> None:
        self._kept.expect(entry.expiries())
        self._kept.change(entry.sequence, entry.keys)
        self._mark = entry.recorded_at
        if (metrics := recorder()) is not None:
            metrics.remembered((timezone.now() - entry.recorded_at).total_seconds())

    def _goes_on(self, part: Part) -> bool:
        """Whether the log is the one that was read before, and `part` leaves nothing out."""
        sequence, entries = self._kept.sequence, part.entries
        if part.sequence < sequence or len(entries) > MOST_ENTRIES:
            return False
        if sequence == 0 or self._mark is None:
            return True
        return bool(entries) and (entries[0].sequence, entries[0].recorded_at) == (
            sequence,
            self._mark,
        )

    def _follow(self) -> None:
        connection = connections[self._alias]
        listener = Listener(connection, self._stopping)
        failures = 0
        try:
            while not self._stopping.is_set():
                try:
                    listener.listen()
                    self.catch_up()
                    failures = 0
                    listener.wait(INTERVAL)
                except Exception as error:  # the memory must not end with one error
                    failures += 1
                    connection.close()
                    if failures == 2:
                        self.is_away = True
                        logger.warning("The change log cannot be read: %s", error)
                    # A connection that was lost is not a database that is away.
                    if failures > 1:
                        self._stopping.wait(INTERVAL)
        finally:
            connection.close()
