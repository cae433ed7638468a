"""Requests as a WSGI server hands them on."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any


def wsgi_environ(
    path: str, query: str, method: str, variables: Mapping[str, str]
) -> dict[str, Any]:
    """The environment with exactly these bytes in path and query (latin-1), and `variables`."""
    return {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
        "wsgi.url_scheme": "http",
        **variables,
    }
