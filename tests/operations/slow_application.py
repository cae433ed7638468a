"""A small WSGI application for the tests of the workers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any

from cms.operations import workers

workers.ARRIVAL_TIMEOUT = 3.0


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Sends back the body; /stuck never ends, and /headers shows what a proxy has set."""
    if environ["PATH_INFO"] == "/stuck":
        time.sleep(600)
    body = environ["wsgi.input"].read()
    if environ["PATH_INFO"] == "/headers":
        names = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO")
        body = "\n".join(environ.get(name, "") for name in names).encode()
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]
