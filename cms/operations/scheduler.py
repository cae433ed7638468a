"""Scheduled publishing from inside the server, for installations without cron.

One thread in one server process runs Wagtail's `publish_scheduled` every minute. A file lock in
DATA_DIR keeps it to one process. The system releases the lock however that process ends, and
another server process takes over within a minute. In production, cron runs the command
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

#: Seconds between two runs.
INTERVAL = 60.0
#: Seconds that `stop()` waits for a run to finish.
STOP_TIMEOUT = 20.0


class Scheduler:
    """Runs the thread; call `start()` in a server process and `stop()` before it exits."""

    def __init__(self, lock_file: Path, interval: float = INTERVAL) -> None:
        self.lock_file = lock_file
        self.interval = interval
        self._lock: IO[str] | None = None
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Run at once, for anything that fell due while no server ran, then every minute."""
        # Created here: a thread created before a fork cannot be started in the child.
        self._thread = threading.Thread(target=self._run, name="scheduler", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop; wait for a running publish, but at most `STOP_TIMEOUT` seconds."""
        self._stopping.set()
        if self._thread is None:
            return
        self._thread.join(STOP_TIMEOUT)
        if self._lock is not None and not self._thread.is_alive():
            self._lock.close()
            self._lock = None

    def _run(self) -> None:
        while True:
            if self._holds_lock():
                publish_due()
            if self._stopping.wait(self.interval):
                return

    def _holds_lock(self) -> bool:
        """Whether this process has the lock, taking it if it is free."""
        if self._lock is not None:
            return True
        try:
            file = self.lock_file.open("w")
        except OSError:
            logger.exception("Cannot open the scheduler's lock file; scheduled publishing is off.")
            return False
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            return False
        self._lock = file
        return True


def publish_due() -> None:
    """Run `publish_scheduled` once; a failure is logged and does not stop the thread."""
    try:
        call_command("publish_scheduled")
    except Exception:
        logger.exception("Scheduled publishing failed; the next attempt is in a minute.")
    finally:
        # Do not hold an idle connection for a minute, nor reuse a broken one.
        connections.close_all()
