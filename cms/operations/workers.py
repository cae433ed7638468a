"""A gunicorn worker that shares new connections with the other workers."""

from __future__ import annotations

import socket
import time

from gunicorn.workers.gthread import ThreadWorker

#: Seconds that a busy worker leaves a new connection to the others.
ACCEPT_DELAY = 0.0003


class SharingWorker(ThreadWorker):
    """A threaded worker that, while busy, gives the others a first chance at a new connection.

    All workers accept from one socket. When a proxy opens its connections all at once, as after a
    restart, the first worker to wake would accept and keep them all, and the others would idle
    (gunicorn issue 3433). A worker with more requests than threads therefore waits a moment, and
    then accepts only what is still pending.
    """

    def accept(self, listener: socket.socket) -> None:
        """Accept one new connection, if it is still pending."""
        idle = len(self.keepalived_conns) + len(self.pending_conns)
        if self.nr_conns - idle > self.cfg.threads:
            time.sleep(ACCEPT_DELAY)
        super().accept(listener)
