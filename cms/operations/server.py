"""The web server: gunicorn with threads and keep-alive connections, started from Django.

The application is loaded once, then the server processes are forked.
"""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import CommandError
from django.core.servers.basehttp import get_internal_wsgi_application
from gunicorn.app.base import BaseApplication
from gunicorn.http import message

from cms.operations import digests
from cms.operations.scheduler import (
    DOCUMENTS_INTERVAL,
    FRONT_ENDS_INTERVAL,
    PICTURES_INTERVAL,
    PRUNING_INTERVAL,
    PURGES_INTERVAL,
    SUBMISSIONS_INTERVAL,
    Scheduler,
    ask_front_end,
    compile_documents,
    prepare_picture,
    prune_change_log,
    purge_cache,
    submit_page,
)
from cms.operations.workers import PatientWorker, SharingWorker
from wagtail_delivery.extending import purge_target_names

BACKLOG = 2048
#: Maximum length of a request's first line in bytes. Gunicorn caps its own setting at 8,190 and
#: rejects a longer line with a page of its own, before the API can name the parameter at fault.
MAX_REQUEST_LINE = 65_536
message.MAX_REQUEST_LINE = MAX_REQUEST_LINE


def bind_listener(host: str, port: int) -> socket.socket:
    """Bind the address before the long set-up, so a busy port is reported at once.

    Raises `CommandError` if the address cannot be bound.
    """
    try:
        family, _type, _protocol, _name, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM
        )[0]
    except socket.gaierror as problem:
        raise CommandError(f"HOST {host!r} is not an address of this machine.") from problem
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError as problem:
        listener.close()
        raise CommandError(_bind_error(problem, host, port)) from problem
    return listener


def _bind_error(problem: OSError, host: str, port: int) -> str:
    if problem.errno == errno.EADDRINUSE:
        return f"Port {port} on {host} is in use; stop the program that uses it, or set PORT."
    if problem.errno == errno.EADDRNOTAVAIL:
        return f"HOST {host!r} is not an address of this machine."
    return f"Cannot bind port {port} on {host}: {problem.strerror}."


class Server(BaseApplication):
    """Gunicorn on a bound listener; it reads no configuration file or command line."""

    def __init__(
        self,
        listener: socket.socket,
        *,
        workers: int,
        threads: int,
        access_log: bool,
        scheduler_lock: Path | None,
        when_ready: Callable[[], None],
    ) -> None:
        """`scheduler_lock`: the scheduler's lock file, or None to publish and prepare nothing."""
        self.options: dict[str, Any] = {
            "bind": f"fd://{listener.detach()}",
            "backlog": BACKLOG,
            "worker_class": SharingWorker if workers > 1 else PatientWorker,
            "workers": workers,
            "threads": threads,
            # Longer than a proxy's own timeout, so the proxy closes idle connections first.
            "keepalive": 75,
            "timeout": 60,
            "limit_request_line": MAX_REQUEST_LINE,
            "preload_app": True,
            "proc_name": "perkeso-cms",
            "control_socket_disable": True,
            "logconfig_dict": settings.LOGGING,
            "accesslog": "-" if access_log else None,
            "when_ready": lambda server: when_ready(),
        }
        if scheduler_lock is not None:
            own_threads: tuple[Scheduler, ...] = (
                Scheduler(scheduler_lock),
                Scheduler(
                    scheduler_lock.with_name("documents.lock"),
                    DOCUMENTS_INTERVAL,
                    compile_documents,
                ),
                Scheduler(
                    scheduler_lock.with_name("pictures.lock"), PICTURES_INTERVAL, prepare_picture
                ),
                Scheduler(
                    scheduler_lock.with_name("submissions.lock"), SUBMISSIONS_INTERVAL, submit_page
                ),
                Scheduler(
                    scheduler_lock.with_name("digests.lock"),
                    digests.INTERVAL,
                    digests.DailyDigest(settings.TRANSLATION_DIGEST_HOUR),
                ),
                Scheduler(
                    scheduler_lock.with_name("pruning.lock"), PRUNING_INTERVAL, prune_change_log
                ),
                *(
                    Scheduler(
                        scheduler_lock.with_name(f"purging-{number}.lock"),
                        PURGES_INTERVAL,
                        partial(purge_cache, name),
                    )
                    for number, name in enumerate(purge_target_names())
                ),
            )

            if settings.WAGTAIL_DELIVERY["FRONT_ENDS"]:
                lock = scheduler_lock.with_name("front_ends.lock")
                own_threads += (Scheduler(lock, FRONT_ENDS_INTERVAL, ask_front_end),)

            def start(worker: Any) -> None:
                for thread in own_threads:
                    thread.start()

            def stop(server: Any, worker: Any) -> None:
                for thread in own_threads:
                    thread.stop()

            self.options |= {"post_worker_init": start, "worker_exit": stop}
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        return get_internal_wsgi_application()
