"""A port in front of a server, which can be closed: then nobody listens there."""

from __future__ import annotations

import contextlib
import re
import socket
import threading


class Gate:
    """Forwards connections to `port`; `close()` and `open()` as the server goes and comes back."""

    def __init__(self, target: int) -> None:
        self.target = target
        #: Connections that were made to the server so far.
        self.connections = 0
        #: The heads of the requests so far. Those of the tests arrive in one piece.
        self.heads: list[str] = []
        self._sockets: set[socket.socket] = set()
        self._listener: socket.socket | None = None
        self.port = 0
        self.open()

    def close(self) -> None:
        """Refuse connections from now on, and cut those that are open."""
        if self._listener is None:
            return
        for each in [self._listener, *list(self._sockets)]:
            # The threads that read from them notice; closing alone would not wake them.
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._listener = None

    def open(self) -> None:
        """Listen, on the same port as before."""
        if self._listener is not None:
            return
        self._listener = socket.socket()
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._listener.bind(("127.0.0.1", self.port))
        self.port = int(self._listener.getsockname()[1])
        self._listener.listen(128)
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def requests(self, path: str) -> int:
        """How often the server was asked for `path`, with any query."""
        return sum(re.split("[ ?]", head)[1] == path for head in self.heads)

    def _accept(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = listener.accept()
                server = socket.create_connection(("127.0.0.1", self.target))
                self.connections += 1
                for pair in ((client, server), (server, client)):
                    self._sockets.add(pair[0])
                    threading.Thread(target=self._copy, args=pair, daemon=True).start()

    def _copy(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65_536):
                if re.match(rb"[A-Z]+ \S+ HTTP/1", data):
                    self.heads.append(data.partition(b"\r\n\r\n")[0].decode())
                target.sendall(data)
        with contextlib.suppress(OSError):
            target.shutdown(socket.SHUT_WR)
        self._sockets.discard(source)
        source.close()
