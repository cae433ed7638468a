"""Gunicorn workers that give a thread only to what has arrived, and end with their master."""

from __future__ import annotations

import errno
import os
import re
import socket
import threading
import time
from enum import Enum, auto
from functools import partial
from selectors import EVENT_READ
from typing import Any

from gunicorn import http
from gunicorn.workers.gthread import TConn, ThreadWorker

#: Seconds that a busy worker leaves a new connection to the others.
ACCEPT_DELAY = 0.0003
#: Seconds in which a request must arrive, from its first byte to the end of its head and form.
ARRIVAL_TIMEOUT = 20.0
#: Seconds without any byte after which a larger body, or a client that does not read, is given up.
SILENCE_TIMEOUT = 20.0
#: The longest body that is awaited without a thread, in bytes: any form but an upload.
FORM = 65_536
#: The longest head that is awaited without a thread; the parser refuses longer ones.
HEAD = 131_072
#: Seconds that a worker takes to finish its requests after its master has died.
ORPHAN_GRACE = 3.0

_CHUNK = 65_536
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,18})[ \t]*\r\n", re.IGNORECASE)
_EXPECT = re.compile(rb"\r\nexpect:", re.IGNORECASE)


class Arrival(Enum):
    """How much of a request has arrived."""

    PART = auto()
    WHOLE = auto()
    #: The client has gone.
    NEVER = auto()


class Connection(TConn):
    """A connection that collects a request before a thread reads it."""

    parser: Any

    def __init__(self, *args: object) -> None:
        super().__init__(*args)
        self.received = bytearray()
        # There is no need to wait for the first byte in a thread.
        self.data_ready = True

    def init(self) -> None:
        """Called in the thread: from here on, a silent client is not waited for without end."""
        super().init()
        self.sock.settimeout(SILENCE_TIMEOUT)

    def collect(self) -> Arrival:
        """Read what has arrived, without waiting."""
        while not self._is_whole():
            try:
                data = self.sock.recv(_CHUNK)
            except BlockingIOError:
                return Arrival.PART
            except OSError:
                return Arrival.NEVER
            if not data:
                return Arrival.NEVER
            self.received += data
        return Arrival.WHOLE

    def hand_over(self) -> None:
        """Give the parser what has arrived; the rest, if any, is read in the thread."""
        if self.parser is None:
            self.parser = http.get_parser(self.cfg, self.sock, self.client)
        self.parser.unreader.unread(bytes(self.received))
        self.received.clear()

    def _is_whole(self) -> bool:
        end = self.received.find(b"\r\n\r\n")
        if end < 0:
            return len(self.received) > HEAD
        head = self.received[: end + 2]
        length = _LENGTH.search(head)
        # A client that expects "100 Continue" sends its body only when a thread asks for it.
        if length is None or int(length[1]) > FORM or _EXPECT.search(head):
            return True
        return len(self.received) >= end + 4 + int(length[1])


class PatientWorker(ThreadWorker):
    """A threaded worker whose threads never wait for a request that arrives slowly.

    Gunicorn's own gives a thread to each new connection. As many clients as there are threads, each
    with half a request, then stop the server. Here the main loop collects the head, and the body
    up to the size of a form; only a whole request gets a thread.

    If the master dies, the worker frees the port at once and ends within seconds, so a new server
    can start. Gunicorn's own keeps the port for as long as its last connection lives.
    """

    def accept(self, listener: socket.socket) -> None:
        """Accept one new connection, if it is still pending."""
        try:
            client, address = listener.accept()
        except OSError as problem:
            if problem.errno not in (errno.EAGAIN, errno.ECONNABORTED, errno.EWOULDBLOCK):
                raise
            return
        self.nr_conns += 1
        connection = Connection(self.cfg, client, address, listener.getsockname())
        self._receive(connection, is_waiting=False)

    def on_client_socket_readable(self, conn: Connection, client: socket.socket) -> None:
        """A kept-alive connection has the beginning of its next request."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self._receive(conn, is_waiting=False)

    def on_pending_socket_readable(self, conn: Connection, client: socket.socket) -> None:
        """A connection has a further part of its request."""
        self._receive(conn, is_waiting=True)

    def is_parent_alive(self) -> bool:
        """Whether the master lives; if not, frees the port and limits the worker's own life."""
        if super().is_parent_alive():
            return True
        self.set_accept_enabled(False)
        for listener in self.sockets:
            listener.close()
        # Not a graceful timeout: a thread that is stuck would keep the process alive at its end.
        deadline = threading.Timer(ORPHAN_GRACE, os._exit, [1])
        deadline.daemon = True
        deadline.start()
        return False

    def _receive(self, connection: Connection, *, is_waiting: bool) -> None:
        """Collect what has arrived; start a whole request, wait for the rest of another."""
        arrival = connection.collect()
        if arrival is Arrival.PART:
            if not is_waiting:
                self._wait_for_rest(connection)
            return
        if is_waiting:
            self.poller.unregister(connection.sock)
            self.pending_conns.remove(connection)
        if arrival is Arrival.WHOLE:
            connection.hand_over()
            self.enqueue_req(connection)
        else:
            self.nr_conns -= 1
            connection.close()

    def _wait_for_rest(self, connection: Connection) -> None:
        # The base class closes what is in this queue at its timeout.
        connection.timeout = time.monotonic() + ARRIVAL_TIMEOUT
        self.pending_conns.append(connection)
        self.poller.register(
            connection.sock, EVENT_READ, partial(self.on_pending_socket_readable, connection)
        )


class SharingWorker(PatientWorker):
    """A worker that, while busy, gives the others a first chance at a new connection.

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
