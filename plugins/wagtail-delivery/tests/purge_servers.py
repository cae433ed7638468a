"""A cache that takes purges, as an HTTP server of its own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class PurgeServer:
    """What it was asked for, and what it answers."""

    #: Method, path and headers in lower case.
    requests: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    status: int = 200
    #: While it is set, requests are answered.
    answering: threading.Event = field(default_factory=threading.Event)
    port: int = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def paths(self) -> list[str]:
        return [path for _method, path, _headers in self.requests]

    def purged_keys(self, header: str = "surrogate-key") -> list[list[str]]:
        return [headers[header].split() for _method, _path, headers in self.requests]


@contextmanager
def purge_server() -> Iterator[PurgeServer]:
    """A running server."""
    state = PurgeServer()
    state.answering.set()

    class Handler(BaseHTTPRequestHandler):
        def handle_one_request(self) -> None:
            self.raw_requestline = self.rfile.readline(65537)
            if not self.raw_requestline or not self.parse_request():
                self.close_connection = True
                return
            headers = {name.lower(): value for name, value in self.headers.items()}
            state.requests.append((self.command, self.path, headers))
            state.answering.wait(20)
            self.send_response(state.status)
            self.send_header("Content-Length", "0")
            self.end_headers()
            self.close_connection = True

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    state.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield state
    finally:
        state.answering.set()
        server.shutdown()
        server.server_close()
        thread.join()
