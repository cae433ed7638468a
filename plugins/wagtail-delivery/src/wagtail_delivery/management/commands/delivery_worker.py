"""`manage.py delivery_worker`: what the web server does not do itself.

It publishes what is due, compiles the documents that follow a publish, purges caches, and asks
front-ends for published pages.
"""

from __future__ import annotations

import logging
import signal
import threading
import time
from argparse import ArgumentParser
from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connections

from wagtail_delivery.conf import delivery_settings
from wagtail_delivery.publishing.dependents import compile_next_pending
from wagtail_delivery.publishing.front_end import check_next_front_end
from wagtail_delivery.publishing.scheduled import publish_due
from wagtail_delivery.purging.targets import purge_target_names
from wagtail_delivery.purging.worker import purge_next
from wagtail_delivery.store.pending import sign_on

logger = logging.getLogger(__name__)

#: Seconds between two looks for work, and after an error of the database.
INTERVAL, ERROR_INTERVAL = 0.5, 5.0
#: Seconds between two looks for what is due.
DUE_INTERVAL = 20.0
#: Seconds that threads may take to end with the worker. What is cut off is done again.
THREADS_END_WITHIN = 10.0

Work = Callable[[], bool]


class Command(BaseCommand):
    help = (
        "Publishes and unpublishes what is due, compiles the documents that show what was "
        "published, purges the caches of PURGE, and asks the front-ends of FRONT_ENDS for "
        "published pages. Runs until it is ended, which may be at any time; several may run side "
        "by side."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--once", action="store_true", help="End when there is nothing left to do now."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        purges: list[Work] = [partial(purge_next, name) for name in purge_target_names()]
        if options["once"]:
            for work in (DocumentsWork().do_some, *purges):
                while work():
                    pass
            return
        stopping = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stopping.set())
        front_ends = [check_next_front_end] if delivery_settings().FRONT_ENDS else []
        # Each in a thread of its own, so a server that does not answer delays nothing else.
        threads = [
            threading.Thread(target=repeat, args=(work, stopping), daemon=True)
            for work in (*purges, *front_ends)
        ]
        for thread in threads:
            thread.start()
        repeat(DocumentsWork().do_some, stopping)
        for thread in threads:
            thread.join(THREADS_END_WITHIN)


class DocumentsWork:
    """What is due, every 20 s, and documents in between, in small parts."""

    def __init__(self) -> None:
        self._next_look = time.monotonic()

    def do_some(self) -> bool:
        """Do a part of what there is; returns whether there was anything."""
        is_more = False
        if time.monotonic() >= self._next_look:
            # Or a publish here compiles all that follows it before the next thing that is due.
            sign_on()
            is_more = publish_due()
            if not is_more:
                self._next_look = time.monotonic() + DUE_INTERVAL
        return compile_next_pending() or is_more


def repeat(work: Work, stopping: threading.Event) -> None:
    """Do `work` again and again, with a pause whenever there was nothing to do."""
    while not stopping.is_set():
        wait = 0.0
        try:
            if not work():
                wait = INTERVAL
        except Exception:  # nobody would miss a thread that ended
            logger.exception("The worker failed; the next attempt follows.")
            connections.close_all()
            wait = ERROR_INTERVAL
        stopping.wait(wait)
    connections.close_all()
