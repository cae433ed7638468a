"""A small WSGI application for the tests of the workers, which have shorter times here."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from http import HTTPStatus
from pathlib import Path
from tempfile import gettempdir
from typing import Any

from cms.operations import connections, workers

workers.ARRIVAL_TIMEOUT = 2.0
workers.LINGER_TIMEOUT = 1.5
workers.SILENCE_TIMEOUT = connections.SILENCE_TIMEOUT = 2.0
workers.UPLOAD_TIMEOUT = 1.0

#: More than the kernel keeps for one client, and for 16 clients less than a process keeps.
BIG = 3 * 1024 * 1024
#: More than both keep.
HUGE = connections.KEPT_FOR_READERS + 4 * BIG


class Application:
    """Sends back the body.

    /stuck never ends, /big and /huge are long responses from memory, and /file is one from a file.
    The paths below /api/ refuse in JSON.
    """

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path == "/stuck":
            time.sleep(600)
        if path == "/fails":
            raise ValueError("secret")
        if path.endswith("/unread"):
            body = b"unread"
        elif path in {"/big", "/huge"}:
            body = b"0123456789abcdef" * ((BIG if path == "/big" else HUGE) // 16)
        elif path == "/file":
            start_response("200 OK", [("Content-Length", str(BIG))])
            return environ["wsgi.file_wrapper"](big_file().open("rb"))
        else:
            body = environ["wsgi.input"].read()
        start_response("200 OK", [("Content-Length", str(len(body)))])
        return [body]

    def refuse(
        self, environ: dict[str, Any], status: HTTPStatus, detail: str
    ) -> tuple[list[tuple[str, str]], bytes] | None:
        if not environ["PATH_INFO"].startswith("/api/"):
            return None
        names = ("REQUEST_METHOD", "PATH_INFO", "HTTP_ORIGIN")
        seen = {name: environ.get(name) for name in names}
        return [("Content-Type", "application/json")], json.dumps(
            seen | {"status": status, "detail": detail}
        ).encode()


def big_file() -> Path:
    """A file of BIG bytes, made at its first use."""
    path = Path(gettempdir()) / f"slow_application_{BIG}"
    if not path.exists() or path.stat().st_size != BIG:
        path.write_bytes(b"0123456789abcdef" * (BIG // 16))
    return path


application = Application()
