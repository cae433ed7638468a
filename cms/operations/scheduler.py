"""Work of the server itself, for installations without cron.

Threads run in one of the server's processes: one publishes what is due, every 20 s, one
compiles the documents that follow a publish, one makes the files of uploaded pictures, one submits
pages for translation, one sends the daily e-mail about translations, one removes old entries of the
change log, one for each cache purges it of what changed, and with FRONT_END one asks the front-end
for published pages. A file lock in DATA_DIR keeps each to one process. The system releases the lock
however that process ends, and another server process takes over. In production, a worker and cron
do it (docs/running.md).
"""

from __future__ import annotations

import fcntl
import logging
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import IO

from django.core.management import call_command
from django.db import connections

from wagtail_delivery.extending import (
    check_next_front_end,
    compile_next_pending,
    prepare_next_image,
    publish_due,
    purge_next,
)
from wagtail_localize_desk.extending import submit_next_page

logger = logging.getLogger(__name__)

#: Seconds between two looks for what is due, for documents that follow, for what to purge, for
#: uploaded pictures and for submitted pages.
INTERVAL = 20.0
DOCUMENTS_INTERVAL = 0.5
PURGES_INTERVAL = 0.5
FRONT_ENDS_INTERVAL = 2.0
PICTURES_INTERVAL = 2.0
SUBMISSIONS_INTERVAL = 2.0
PRUNING_INTERVAL = 24 * 60 * 60.0
#: Seconds that `stop()` waits for a run to finish.
STOP_TIMEOUT = 20.0


class Scheduler:
    """Runs the thread; call `start()` in a server process and `stop()` before it exits."""

    def __init__(
        self, lock_file: Path, interval: float = INTERVAL, job: Callable[[], bool] | None = None
    ) -> None:
        """`job` returns whether it is to run again at once; the default is `publish_scheduled`."""
        self.lock_file = lock_file
        self.interval = interval
        self.job = job or publish_scheduled
        self._lock: IO[str] | None = None
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Run at once, for anything that fell due while no server ran, then again and again."""
        # Created here: a thread created before a fork cannot be started in the child.
        self._thread = threading.Thread(target=self._run, name="scheduler", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop; wait for a running job, but at most `STOP_TIMEOUT` seconds."""
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
                while self.job() and not self._stopping.is_set():
                    pass
            if self._stopping.wait(self.interval):
                return

    def _holds_lock(self) -> bool:
        """Whether this process has the lock, taking it if it is free."""
        if self._lock is not None:
            return True
        try:
            file = self.lock_file.open("w")
        except OSError:
            logger.exception("Cannot open the lock file %s; its work is off.", self.lock_file)
            return False
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            return False
        self._lock = file
        return True


def publish_scheduled() -> bool:
    """Publish and unpublish some of what is due; returns whether there is more."""
    return _did(publish_due, "What is due could not be published")


def compile_documents() -> bool:
    """Compile some of the documents that follow a publish; returns whether there were any."""
    return _did(compile_next_pending, "The documents that follow a publish could not be compiled")


def purge_cache(name: str) -> bool:
    """Purge a cache of some of what changed; returns whether there was anything."""
    return _did(partial(purge_next, name), f"The cache {name} could not be purged")


def ask_front_end() -> bool:
    """Ask the front-end for one published page; returns whether one was due."""
    return _did(check_next_front_end, "The front-end could not be asked")


def prepare_picture() -> bool:
    """Make the files of one uploaded picture; returns whether there was one."""
    return _did(prepare_next_image, "The files of a picture could not be made")


def submit_page() -> bool:
    """Submit one page that waits for it; returns whether there was something to do."""
    return _did(submit_next_page, "Pages could not be submitted for translation")


def prune_change_log() -> bool:
    """Remove the entries of the change log that are no longer kept."""

    def prune() -> bool:
        call_command("delivery_prune", verbosity=0)
        return False

    return _did(prune, "Old entries of the change log could not be removed")


def _did(work: Callable[[], bool], failure: str) -> bool:
    """Whether `work` had something to do; an error is logged and does not stop the thread."""
    try:
        return work()
    except Exception:
        logger.exception("%s; the next attempt follows.", failure)
        return False
    finally:
        connections.close_all()
