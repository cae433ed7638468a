"""Gunicorn workers whose threads wait for no client, and that end with their master."""

from __future__ import annotations

import errno
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from functools import partial
from http import HTTPStatus
from itertools import takewhile
from selectors import EVENT_READ, EVENT_WRITE
from typing import Any

from gunicorn.http.errors import LimitRequestHeaders, LimitRequestLine, ParseException
from gunicorn.workers.gthread import ThreadWorker

from cms.operations.connections import (
    CHUNK,
    KEPT_FOR_READERS,
    SILENCE_TIMEOUT,
    Arrival,
    Connection,
    Memory,
    PatientSocket,
)
from cms.operations.refusals import Refusal

#: Seconds that a busy worker leaves a new connection to the others.
ACCEPT_DELAY = 0.0003
#: Seconds that a worker without a free file descriptor waits for one.
FULL_DELAY = 0.01
#: Seconds in which a request must arrive, from its first byte to the end of its head and form.
ARRIVAL_TIMEOUT = 20.0
#: Seconds that an upload waits for its turn.
UPLOAD_TIMEOUT = 60.0
#: After the last response: seconds until the connection is closed, and bytes that are still read.
#: Closed with unread input, it would be reset, and the client might lose the response.
LINGER_TIMEOUT = 2.0
LINGER_BYTES = 4 * 1024 * 1024
#: Seconds that a worker takes to finish its requests after its master has died.
ORPHAN_GRACE = 3.0

_ABANDONED = "The request did not arrive within {seconds:.0f} seconds."
_CROWDED = "Too many uploads are under way. Try again later."
_LONG_LINE = "The first line of the request is longer than {limit} bytes."
_LONG_HEAD = "The header of the request is too long, or has too many fields or too long ones."
_UNEXPECTED = "An unexpected error occurred."
#: Maximum length of gunicorn's reason, which may repeat the request.
_REASON = 200


class Waiting:
    """Connections that the main loop watches, the one with the earliest deadline first."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._deadlines: dict[Connection, float] = {}

    def __len__(self) -> int:
        return len(self._deadlines)

    def __contains__(self, connection: Connection) -> bool:
        return connection in self._deadlines

    def __iter__(self) -> Iterator[Connection]:
        """Iterate from the earliest deadline to the latest."""
        return iter(self._deadlines)

    def add(self, connection: Connection) -> None:
        """Add a connection, or give it the whole time again."""
        self._deadlines.pop(connection, None)
        self._deadlines[connection] = time.monotonic() + self.seconds

    def discard(self, connection: Connection) -> None:
        """Remove a connection if it is here."""
        self._deadlines.pop(connection, None)

    def expired(self) -> list[Connection]:
        """Those whose time is over."""
        now = time.monotonic()
        return [
            connection
            for connection, _ in takewhile(lambda item: item[1] <= now, self._deadlines.items())
        ]


class Written:
    """Takes gunicorn's own response to a refused request in place of the client's socket."""

    def __init__(self) -> None:
        self.data = b""

    def gettimeout(self) -> float:
        """Gunicorn does not wait for a client that it refuses."""
        return 0.0

    def sendall(self, data: bytes) -> None:
        """Take a part of the response."""
        self.data += data

    def status(self) -> HTTPStatus:
        """The status that gunicorn chose."""
        return HTTPStatus(int(self.data.split(b" ", 2)[1]))


class PatientWorker(ThreadWorker):
    """A threaded worker whose threads wait for no client.

    Gunicorn's own gives a thread to each new connection. As many clients as there are threads, each
    with half a request or reading nothing, then stop the server. Here the main loop collects the
    head, and the body up to the size of a form; only a whole request gets a thread. Uploads do get
    one, a quarter of all at most. What a client does not read at once the main loop sends later.

    After the last response, gunicorn's main loop waits up to two seconds for the client to close
    the connection, and serves nobody meanwhile. Here it does not.

    If the master dies, the worker frees the port at once and ends within seconds, so a new server
    can start. Gunicorn's own keeps the port for as long as its last connection lives.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.memory = Memory(KEPT_FOR_READERS)
        #: Connections with a part of a request, or with nothing yet.
        self.arriving = Waiting(ARRIVAL_TIMEOUT)
        #: Connections whose client has not taken all of its response.
        self.sending = Waiting(SILENCE_TIMEOUT)
        #: Connections that the server has closed on its side.
        self.lingering = Waiting(LINGER_TIMEOUT)
        #: Uploads without a thread, and those with one.
        self.queued = Waiting(UPLOAD_TIMEOUT)
        self.uploading: set[Connection] = set()
        self.most_uploads = max(1, self.cfg.threads // 4)

    @property
    def idle(self) -> int:
        """The number of connections that need no thread now."""
        waiting = (self.arriving, self.sending, self.lingering, self.queued)
        return len(self.keepalived_conns) + sum(map(len, waiting))

    def accept(self, listener: socket.socket) -> None:
        """Accept one new connection, if it is still pending."""
        try:
            client, address = listener.accept()
        except OSError as problem:
            if problem.errno in (errno.EMFILE, errno.ENFILE):
                # It stays pending. Gunicorn's own worker would end, with all its connections.
                if not self._close_idle():
                    time.sleep(FULL_DELAY)
                return
            if problem.errno not in (errno.EAGAIN, errno.ECONNABORTED, errno.EWOULDBLOCK):
                raise
            return
        self.nr_conns += 1
        patient = PatientSocket(client, self.memory)
        self._receive(Connection(self.cfg, patient, address, listener.getsockname()))

    def on_client_socket_readable(self, conn: Connection, client: socket.socket) -> None:
        """A kept-alive connection has the beginning of its next request."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self._receive(conn)

    def handle(self, conn: Connection) -> Any:
        """Respond to a request; runs in a thread."""
        if conn.excess is not None:
            # The parser would wait for more.
            self.handle_error(None, conn.sock, conn.client, conn.excess)
            return False
        return super().handle(conn)

    def handle_error(self, req: Any, client: PatientSocket, addr: Any, exc: Exception) -> None:
        """Refuse a request, with gunicorn's status and in the application's form."""
        written = Written()
        super().handle_error(req, written, addr, exc)
        status = written.status()
        client.sendall(Refusal(status, self._detail(status, exc), client.head).response(self.wsgi))

    def _keepalive_after(self, conn: Connection, keepalive: bool) -> bool:
        """Whether the connection can be reused; reads what the application left of the body."""
        try:
            return bool(super()._keepalive_after(conn, keepalive))
        except ParseException:
            # A refusal would come after the response, and be read as that to another request.
            return False

    def finish_request(self, conn: Connection, fs: Future[Any]) -> None:
        """A thread has done its part; runs in the main loop."""
        if conn in self.uploading:
            self.uploading.remove(conn)
            self._start_queued()
        try:
            is_kept = bool(fs.result())
        except Exception:
            self._close(conn)
        else:
            self._send(conn, partial(super().finish_request, conn, fs) if is_kept else None)

    def murder_pending(self) -> None:
        """End what waits too long; called in each round of the main loop."""
        for connection in self.arriving.expired():
            self._stop_watching(self.arriving, connection)
            if connection.received:
                detail = _ABANDONED.format(seconds=ARRIVAL_TIMEOUT)
                self._refuse(connection, HTTPStatus.REQUEST_TIMEOUT, detail)
            else:
                self._close(connection)
        for connection in self.queued.expired():
            self.queued.discard(connection)
            self._refuse(connection, HTTPStatus.SERVICE_UNAVAILABLE, _CROWDED)
        for waiting in (self.sending, self.lingering):
            for connection in waiting.expired():
                self._stop_watching(waiting, connection)
                self._close(connection)
        while self.nr_conns >= self.worker_connections and self._close_idle():
            pass

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

    def _receive(self, connection: Connection, _: object = None) -> None:
        """Collect what has arrived; start a whole request, wait for the rest of another."""
        arrival = connection.collect()
        if arrival is Arrival.PART:
            if connection not in self.arriving:
                callback = partial(self._receive, connection)
                self._watch(self.arriving, connection, EVENT_READ, callback)
            return
        self._stop_watching(self.arriving, connection)
        if arrival is Arrival.NEVER:
            self._close(connection)
        elif arrival is Arrival.UPLOAD:
            self.queued.add(connection)
            self._start_queued()
        else:
            self._start(connection)

    def _start(self, connection: Connection) -> None:
        connection.hand_over()
        self.enqueue_req(connection)

    def _start_queued(self) -> None:
        """Give the uploads that wait the threads that they may have."""
        while len(self.uploading) < self.most_uploads and self.queued:
            connection = next(iter(self.queued))
            self.queued.discard(connection)
            self.uploading.add(connection)
            self._start(connection)

    def _send(
        self, connection: Connection, keep: Callable[[], None] | None, _: object = None
    ) -> None:
        """Send the rest of the response; then `keep` the connection, or close it without `keep`."""
        try:
            is_sent = connection.sock.flush()
        except OSError:
            self._stop_watching(self.sending, connection)
            self._close(connection)
            return
        if not is_sent:
            callback = partial(self._send, connection, keep)
            self._watch(self.sending, connection, EVENT_WRITE, callback)
            return
        self._stop_watching(self.sending, connection)
        if keep is None:
            self._linger(connection)
        elif connection.take_back():
            self._receive(connection)
        else:
            keep()

    def _linger(self, connection: Connection) -> None:
        """Close the server's side, and wait until the client has closed its own."""
        try:
            connection.sock.setblocking(False)
            connection.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self._close(connection)
        else:
            self._ignore_input(connection)

    def _ignore_input(self, connection: Connection, _: object = None) -> None:
        try:
            while data := connection.sock.recv(CHUNK):
                connection.ignored += len(data)
                if connection.ignored > LINGER_BYTES:
                    break
        except BlockingIOError:
            if connection not in self.lingering:
                callback = partial(self._ignore_input, connection)
                self._watch(self.lingering, connection, EVENT_READ, callback)
            return
        except OSError:
            pass
        self._stop_watching(self.lingering, connection)
        self._close(connection)

    def _refuse(self, connection: Connection, status: HTTPStatus, detail: str) -> None:
        """Refuse a request that has no thread."""
        refusal = Refusal(status, detail, connection.sock.head or bytes(connection.received))
        connection.sock.sendall(refusal.response(self.wsgi))
        self._send(connection, None)

    def _detail(self, status: HTTPStatus, problem: Exception) -> str:
        if isinstance(problem, LimitRequestLine):
            return _LONG_LINE.format(limit=self.cfg.limit_request_line)
        if isinstance(problem, LimitRequestHeaders):
            return _LONG_HEAD
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR and not isinstance(problem, ParseException):
            return _UNEXPECTED
        return f"{str(problem)[:_REASON]}."

    def _watch(
        self,
        waiting: Waiting,
        connection: Connection,
        events: int,
        callback: Callable[[object], None],
    ) -> None:
        """Let the main loop call `callback` at `events`, until the time of `waiting` is over."""
        if connection not in waiting:
            self.poller.register(connection.sock, events, callback)
        waiting.add(connection)

    def _stop_watching(self, waiting: Waiting, connection: Connection) -> None:
        if connection in waiting:
            waiting.discard(connection)
            self.poller.unregister(connection.sock)

    def _close_idle(self) -> bool:
        """Close the connection that has been idle for longest; false if none is."""
        for waiting in (self.lingering, self.arriving):
            if waiting is self.arriving and self.keepalived_conns:
                connection = self.keepalived_conns.popleft()
                self.poller.unregister(connection.sock)
                self._close(connection)
                return True
            if waiting:
                connection = next(iter(waiting))
                self._stop_watching(waiting, connection)
                self._close(connection)
                return True
        return False

    def _close(self, connection: Connection) -> None:
        self.nr_conns -= 1
        connection.close()


class SharingWorker(PatientWorker):
    """A worker that, while busy, gives the others a first chance at a new connection.

    All workers accept from one socket. When a proxy opens its connections all at once, as after a
    restart, the first worker to wake would accept and keep them all, and the others would idle
    (gunicorn issue 3433). A worker with more requests than threads therefore waits a moment, and
    then accepts only what is still pending.
    """

    def accept(self, listener: socket.socket) -> None:
        """Accept one new connection, if it is still pending."""
        if self.nr_conns - self.idle > self.cfg.threads:
            time.sleep(ACCEPT_DELAY)
        super().accept(listener)
