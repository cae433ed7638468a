"""Publish and unpublish what is due, from inside the server, on the embedded default.

One thread in one server process runs Wagtail's `publish_scheduled` every minute. A lock on a file
in DATA_DIR, which the system frees when its process ends however it ends, keeps it to one process;
where there are several, another takes over within a minute. In production cron does this
(docs/running.md).
"""

from __future__ import annotations

import fcntl
import logging
import threading
from pathlib import Path
from typing import IO

from django.core.management import call_command
from django.db import connections

logger = logging.getLogger(__name__)

INTERVAL = 60.0
PATIENCE = 20.0


class Scheduler:
    """The thread; `start()` it in a server process and `stop()` it before that process ends."""

    def __init__(self, lock_file: Path, interval: float = INTERVAL) -> None:
        self.lock_file = lock_file
        self.interval = interval
        self._lock: IO[str] | None = None
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin: what fell due while no server ran is done at once, the rest minute by minute."""
        # Made here: a thread that was made before its process was forked cannot be started in it.
        self._thread = threading.Thread(target=self._run, name="scheduler", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End: wait for a publish that is under way, but not for ever."""
        self._stopping.set()
        if self._thread is None:
            return
        self._thread.join(PATIENCE)
        if self._lock is not None and not self._thread.is_alive():
            self._lock.close()
            self._lock = None

    def _run(self) -> None:
        while True:
            if self._is_the_one():
                publish_due()
            if self._stopping.wait(self.interval):
                return

    def _is_the_one(self) -> bool:
        """Whether this process holds the lock, or could take it now."""
        if self._lock is not None:
            return True
        try:
            file = self.lock_file.open("w")
        except OSError:
            logger.exception("The scheduler cannot open its lock; nothing is published on time.")
            return False
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            return False
        self._lock = file
        return True


def publish_due() -> None:
    """Run `publish_scheduled` once; a failure is logged and does not end the thread."""
    try:
        call_command("publish_scheduled")
    except Exception:
        logger.exception("Scheduled publishing failed; it is tried again in a minute.")
    finally:
        # Not kept for a minute of doing nothing; and a broken connection is not used again.
        connections.close_all()
