"""Server processes that share new connections."""

from __future__ import annotations

import socket
import time

from gunicorn.workers.gthread import ThreadWorker

#: Seconds for which a busy worker leaves a new connection to the others.
TURN = 0.0003


class SharingWorker(ThreadWorker):
    """A threaded worker that lets the others have a new connection first while it is busy.

    All workers wait at one socket. When a proxy opens its connections in one go, as after a
    restart, the worker that wakes first would take them all and keep them, and the others, and
    their processors, would have nothing to do (gunicorn's issue 3433). A worker that has more
    requests than threads waits for a moment instead; what nobody else has taken by then is its own.
    """

    def accept(self, listener: socket.socket) -> None:
        """Take one new connection, if there still is one."""
        waiting = len(self.keepalived_conns) + len(self.pending_conns)
        if self.nr_conns - waiting > self.cfg.threads:
            time.sleep(TURN)
        super().accept(listener)
