"""A front-end for tests: a small HTTP server that shows what it is told to."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class FrontEnd:
    """The pages of a front-end, and what it was asked for."""

    def __init__(self) -> None:
        #: Status, headers and body, by path.
        self.pages: dict[str, tuple[int, dict[str, str], bytes]] = {}
        self.asked: list[str] = []
        self.address = ""

    def show(self, path: str, body: str = "", status: int = 200, **headers: str) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.pages[path] = (status, named, body.encode())


@contextmanager
def serving() -> Iterator[FrontEnd]:
    """Serve on a free port of this machine."""
    front_end = FrontEnd()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            front_end.asked.append(self.path)
            status, headers, body = front_end.pages.get(self.path, (404, {}, b""))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    front_end.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=[0.01], daemon=True)
    thread.start()
    try:
        yield front_end
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
