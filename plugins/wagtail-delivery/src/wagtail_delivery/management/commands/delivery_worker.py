"""`manage.py delivery_worker`: compile the documents that follow a publish."""

from __future__ import annotations

import logging
import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, connections

from wagtail_delivery.publishing.dependents import compile_next_pending

logger = logging.getLogger(__name__)

#: Seconds between two looks into an empty queue, and after an error of the database.
INTERVAL, ERROR_INTERVAL = 0.5, 5.0


class Command(BaseCommand):
    help = (
        "Compiles the documents that show what was published and that follow after it. Runs until "
        "it is ended, which may be at any time; several may run side by side."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--once", action="store_true", help="End when nothing in the queue can be compiled now."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        stopping = threading.Event()
        if not options["once"]:
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, lambda *_: stopping.set())
        while not stopping.is_set():
            wait = 0.0
            try:
                if not compile_next_pending():
                    wait = INTERVAL
            except DatabaseError:
                if options["once"]:
                    raise
                logger.exception("The queue cannot be read or compiled; the next attempt follows.")
                connections.close_all()
                wait = ERROR_INTERVAL
            if wait and options["once"]:
                return
            stopping.wait(wait)
