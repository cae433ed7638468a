"""`manage.py serve_delivery`: processes that serve the delivery API and nothing else."""

from __future__ import annotations

import gc
import multiprocessing
import re
import socket
from argparse import ArgumentParser, ArgumentTypeError
from importlib import import_module
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from wagtail_delivery.conf import delivery_settings
from wagtail_delivery.serving.process import delivery_application

#: Threads beside those that wait for content (WAITING_REQUESTS). Python runs one at a time.
THREADS = 4
#: Seconds that a worker may take to end its requests.
ENDS_WITHIN = 10


class Command(BaseCommand):
    help = (
        "Serve the delivery API, and nothing else, by processes of their own. They only read the "
        "tables of documents, so a read replica or a role without other rights is enough. Needs "
        "the package granian: pip install wagtail-delivery[server]."
    )
    # They read other tables. `manage.py check` runs them.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--bind", type=_address, default=("127.0.0.1", 8001), metavar="HOST:PORT"
        )
        parser.add_argument("--workers", type=_count, default=1, help="Number of processes.")
        parser.add_argument(
            "--path", default="/api/v1/", help="Path of the API, as in the project's URLs."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            granian: Any = import_module("granian.server")
            constants: Any = import_module("granian.constants")
        except ModuleNotFoundError as error:
            raise CommandError("Needs granian: pip install wagtail-delivery[server].") from error
        host, port = options["bind"]
        _require_free(host, port)
        application = delivery_application(options["path"])
        # Loaded once and shared by all processes, also by those that replace one that ended.
        multiprocessing.set_start_method("fork", force=True)
        connections.close_all()
        gc.collect()
        gc.freeze()
        server = granian.Server(
            "wagtail_delivery",
            address=host,
            port=port,
            interface=constants.Interfaces.WSGI,
            http=constants.HTTPModes.http1,
            workers=options["workers"],
            blocking_threads=THREADS + delivery_settings().WAITING_REQUESTS,
            websockets=False,
            respawn_failed_workers=True,
            workers_kill_timeout=ENDS_WITHIN,
            log_level=import_module("granian.log").LogLevels.warning,
        )
        server.on_startup(lambda: self._report(host, port))
        server.serve(target_loader=lambda: application, wrap_loader=False)

    def _report(self, host: str, port: int) -> None:
        self.stdout.write(f"Serving the delivery API on {host}:{port}.")
        self.stdout.flush()


def _require_free(host: str, port: int) -> None:
    """Raise CommandError if the address cannot be bound: granian would share a busy port."""
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise CommandError(f"Cannot bind {host}:{port}: {error.strerror}.") from error


def _address(text: str) -> tuple[str, int]:
    found = re.fullmatch(r"(?:\[([0-9a-fA-F:]+)\]|([^:\s]*)):(\d{1,5})", text)
    if found is None or not 0 < int(found[3]) < 65536:
        raise ArgumentTypeError("Give HOST:PORT, such as 127.0.0.1:8001.")
    return found[1] or found[2] or "127.0.0.1", int(found[3])


def _count(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) <= 64:
        raise ArgumentTypeError("Give a number from 1 to 64.")
    return int(text)
