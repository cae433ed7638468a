"""Connections for which no thread waits: not for a slow sender, and not for a slow reader."""

from __future__ import annotations

import os
import re
import select
import socket
import threading
from collections import deque
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from gunicorn import http
from gunicorn.http.errors import LimitRequestHeaders, LimitRequestLine
from gunicorn.workers.gthread import TConn

#: Seconds without any byte after which a client that sends or reads slowly is given up.
SILENCE_TIMEOUT = 20.0
#: The longest body that is awaited without a thread, in bytes: any form but an upload.
FORM = 65_536
#: The longest head of a request, in bytes; its first line may have half of that.
HEAD = 131_072
#: Bytes of responses that a process keeps for clients that read slowly. Files take no memory.
KEPT_FOR_READERS = 64 * 1024 * 1024

#: Bytes that are moved at once.
CHUNK = 65_536
#: Bytes that are sent before the main loop looks after others.
_TURN = 1024 * 1024
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,18})[ \t]*\r\n", re.IGNORECASE)
_BODY = re.compile(rb"\r\n(content-length|transfer-encoding|expect)[ \t]*:", re.IGNORECASE)
_BARE_LF = re.compile(rb"(?<!\r)\n")


class Arrival(Enum):
    """How much of a request has arrived."""

    PART = auto()
    WHOLE = auto()
    #: The head, and not yet all of a body that is longer than a form or of unknown length.
    UPLOAD = auto()
    #: The client has gone.
    NEVER = auto()


class Memory:
    """A number of bytes that the connections of a process share."""

    def __init__(self, size: int) -> None:
        self.free = size
        self._lock = threading.Lock()

    def take(self, size: int) -> bool:
        """Take `size` bytes; false if fewer are free."""
        with self._lock:
            if size > self.free:
                return False
            self.free -= size
            return True

    def give_back(self, size: int) -> None:
        """Return what `take` took."""
        with self._lock:
            self.free += size


@dataclass
class _FilePart:
    """What is left to send of a file, by a descriptor of its own."""

    descriptor: int
    offset: int
    end: int


@dataclass
class _Unsent:
    """What the client has not taken yet."""

    parts: deque[memoryview | _FilePart] = field(default_factory=deque)
    #: Bytes of memory that the parts hold.
    size: int = 0


class PatientSocket(socket.socket):
    """A socket whose client may read slowly: what it does not take at once is sent later.

    A thread that answers never waits, unless the memory for slow readers is used up. The main loop
    sends the rest by `flush`.
    """

    def __init__(self, connected: socket.socket, memory: Memory) -> None:
        super().__init__(fileno=connected.detach())
        #: The head of the request that is being read, as far as it has arrived.
        self.head = b""
        self.memory = memory
        self._unsent = _Unsent()

    def sendall(self, data: Any, flags: int = 0) -> None:
        """Send what the client takes, and keep the rest."""
        rest = memoryview(data)
        if not self._unsent.parts:
            rest = rest[self._send_now(rest) :]
        if not rest:
            return
        if self.memory.take(len(rest)):
            self._unsent.size += len(rest)
            self._unsent.parts.append(rest)
            return
        self._send_unsent()
        super().sendall(rest, flags)

    def sendfile(self, file: Any, offset: int = 0, count: int | None = None) -> int:
        """Keep a descriptor of the file, from which `flush` sends."""
        if count is None:
            count = os.fstat(file.fileno()).st_size - offset
        if count > 0:
            part = _FilePart(os.dup(file.fileno()), offset, offset + count)
            self._unsent.parts.append(part)
        return count

    def flush(self) -> bool:
        """Send without waiting; true if nothing is left. Raises OSError if the client has gone."""
        self.settimeout(0)
        parts, left = self._unsent.parts, _TURN
        while parts and left > 0:
            try:
                sent = self._send_first(left)
            except BlockingIOError:
                return False
            left -= sent
        return not parts

    def close(self) -> None:
        """Close it, and forget what was not sent."""
        while self._unsent.parts:
            part = self._unsent.parts.popleft()
            if isinstance(part, _FilePart):
                os.close(part.descriptor)
        self.memory.give_back(self._unsent.size)
        self._unsent.size = 0
        super().close()

    def _send_now(self, data: memoryview) -> int:
        timeout = self.gettimeout()
        self.settimeout(0)
        try:
            return self.send(data)
        except BlockingIOError:
            return 0
        finally:
            self.settimeout(timeout)

    def _send_first(self, most: int) -> int:
        """Send some of the first part, and remove it once it is sent; returns the length."""
        parts = self._unsent.parts
        part = parts[0]
        if isinstance(part, _FilePart):
            length = min(most, part.end - part.offset)
            sent = os.sendfile(self.fileno(), part.descriptor, part.offset, length)
            if not sent:
                raise ConnectionAbortedError("The file was cut while it was sent.")
            part.offset += sent
            if part.offset == part.end:
                os.close(part.descriptor)
                parts.popleft()
            return sent
        sent = self.send(part[:most])
        self._unsent.size -= sent
        self.memory.give_back(sent)
        parts[0] = part[sent:]
        if sent == len(part):
            parts.popleft()
        return sent

    def _send_unsent(self) -> None:
        """Send what is kept, and wait for the client as long as the timeout allows."""
        timeout = self.gettimeout()
        writable = select.poll()
        writable.register(self, select.POLLOUT)
        try:
            while not self.flush():
                if not writable.poll(None if timeout is None else timeout * 1000):
                    raise TimeoutError
        finally:
            self.settimeout(timeout)


class Connection(TConn):
    """A connection that collects a request before a thread reads it."""

    parser: Any
    sock: PatientSocket

    def __init__(self, cfg: Any, client: PatientSocket, address: Any, server: Any) -> None:
        super().__init__(cfg, client, address, server)
        #: What has arrived of the next request.
        self.received = bytearray()
        #: Why the head of the next request is refused, if it is too long.
        self.excess: Exception | None = None
        self.is_upload = False
        #: Bytes that were read and ignored after the last response.
        self.ignored = 0
        # There is no need to wait for the first byte in a thread.
        self.data_ready = True
        self._searched = 0
        self._needed = 0

    def init(self) -> None:
        """Called in the thread: from here on, a silent client is not waited for without end."""
        super().init()
        self.sock.settimeout(SILENCE_TIMEOUT)

    def collect(self) -> Arrival:
        """Read what has arrived, without waiting."""
        while (arrival := self._arrival()) is Arrival.PART:
            try:
                data = self.sock.recv(CHUNK)
            except BlockingIOError:
                return Arrival.PART
            except OSError:
                return Arrival.NEVER
            if not data:
                return Arrival.NEVER
            self.received += data
        return arrival

    def hand_over(self) -> None:
        """Give the parser what has arrived; the rest of an upload is read in the thread."""
        if self.parser is None:
            self.parser = http.get_parser(self.cfg, self.sock, self.client)
        self.parser.unreader.unread(bytes(self.received))
        self.received.clear()
        self._searched = self._needed = 0

    def take_back(self) -> bool:
        """Take back what the parser has of the next request; whether it has anything."""
        self.sock.head = b""
        self.received += self.parser.unreader.take_buffered()
        return bool(self.received)

    def _arrival(self) -> Arrival:
        if not self._needed:
            end = self.received.find(b"\r\n\r\n", max(self._searched - 3, 0))
            if end < 0:
                return self._arrival_without_end()
            self.sock.head = bytes(self.received[: end + 2])
            length = self._length_of_body(self.sock.head)
            if length is None:
                return Arrival.UPLOAD
            self._needed = end + 4 + length
        return Arrival.WHOLE if len(self.received) >= self._needed else Arrival.PART

    def _arrival_without_end(self) -> Arrival:
        # The parser refuses such a line, and would wait for the end of the head without end.
        is_bad = _BARE_LF.search(self.received, max(self._searched - 1, 0))
        self._searched = len(self.received)
        if self._searched > HEAD:
            self.excess = self._excess()
        elif not is_bad:
            return Arrival.PART
        self.sock.head = bytes(self.received)
        return Arrival.WHOLE

    def _excess(self) -> Exception:
        # An empty line may come before it. No limit in gunicorn's settings is 0.
        line, limit = self.received.find(b"\r\n", 1), self.cfg.limit_request_line
        if line < 0 or 0 < limit + 2 < line:
            return LimitRequestLine(len(self.received), limit)
        return LimitRequestHeaders("limit request headers size")

    def _length_of_body(self, head: bytes) -> int | None:
        """The length of a form; None for a longer body, or one whose length is not known."""
        if not _BODY.search(head):
            return 0
        fields = [name.lower() for name in _BODY.findall(head)]
        length = _LENGTH.search(head)
        # A client that expects "100 Continue" sends its body only when a thread asks for it.
        if length is None or fields != [b"content-length"] or int(length[1]) > FORM:
            return None
        return int(length[1])
