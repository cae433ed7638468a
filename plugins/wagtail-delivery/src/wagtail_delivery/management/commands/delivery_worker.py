"""`manage.py delivery_worker`: compile the documents that follow a publish, and purge caches."""

from __future__ import annotations

import logging
import signal
import threading
from argparse import ArgumentParser
from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, connections

from wagtail_delivery.publishing.dependents import compile_next_pending
from wagtail_delivery.purging.targets import purge_target_names
from wagtail_delivery.purging.worker import purge_next

logger = logging.getLogger(__name__)

#: Seconds between two looks for work, and after an error of the database.
INTERVAL, ERROR_INTERVAL = 0.5, 5.0
#: Seconds that purges may take to end with the worker. One that is cut off is made again.
PURGE_ENDS_WITHIN = 10.0

Work = Callable[[], bool]


class Command(BaseCommand):
    help = (
        "Compiles the documents that show what was published and that follow after it, and purges "
        "the caches of the setting PURGE. Runs until it is ended, which may be at any time; "
        "several may run side by side."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--once",
            action="store_true",
            help="End when nothing can be compiled or purged now.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        purges: list[Work] = [partial(purge_next, name) for name in purge_target_names()]
        if options["once"]:
            for work in (compile_next_pending, *purges):
                while work():
                    pass
            return
        stopping = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stopping.set())
        # Each in a thread of its own, so a cache that does not answer delays nothing else.
        threads = [
            threading.Thread(target=repeat, args=(work, stopping), daemon=True) for work in purges
        ]
        for thread in threads:
            thread.start()
        repeat(compile_next_pending, stopping)
        for thread in threads:
            thread.join(PURGE_ENDS_WITHIN)


def repeat(work: Work, stopping: threading.Event) -> None:
    """Do `work` again and again, with a pause whenever there was nothing to do."""
    while not stopping.is_set():
        wait = 0.0
        try:
            if not work():
                wait = INTERVAL
        except DatabaseError:
            logger.exception("The worker cannot use the database; the next attempt follows.")
            connections.close_all()
            wait = ERROR_INTERVAL
        stopping.wait(wait)
    connections.close_all()
