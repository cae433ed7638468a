"""Responses to requests that the server refuses before the application sees them.

An application may have a method `refuse(environ, status, detail)`. It returns the headers and the
body of the response, or None for a short response in plain text.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from email.utils import formatdate
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

Headers = list[tuple[str, str]]

_PLAIN = [
    ("Content-Type", "text/plain; charset=utf-8"),
    ("Cache-Control", "no-store"),
    ("X-Content-Type-Options", "nosniff"),
]
#: Anything else is no method, and gets a body.
_METHOD = re.compile(r"[A-Z]{3,20}")
_END_OF_TARGET = re.compile(r"[ \n]")


@dataclass(frozen=True)
class Refusal:
    """Why a request is refused, and its head as far as it has arrived."""

    status: HTTPStatus
    detail: str
    head: bytes = b""

    def response(self, application: Any) -> bytes:
        """The whole response; `application` may say what is in it."""
        environ = self.wsgi_environment()
        refuse = getattr(application, "refuse", None)
        answer = refuse(environ, self.status, self.detail) if refuse else None
        headers, body = answer or (_PLAIN, f"{self.status.phrase}. {self.detail}\n".encode())
        fields = [(name, value) for name, value in headers if name.lower() != "content-length"]
        fields += [
            ("Content-Length", str(len(body))),
            ("Date", formatdate(usegmt=True)),
            ("Connection", "close"),
        ]
        lines = [f"HTTP/1.1 {self.status.value} {self.status.phrase}"]
        lines += [f"{name}: {value}" for name, value in fields]
        head = "\r\n".join([*lines, "", ""]).encode("latin-1", "replace")
        return head if environ["REQUEST_METHOD"] == "HEAD" else head + body

    def wsgi_environment(self) -> dict[str, Any]:
        """What the head says of the request, as WSGI would, if the head can be read at all."""
        line = self.head.removeprefix(b"\r\n").partition(b"\r\n")[0].decode("latin-1")
        method, _, rest = line.partition(" ")
        path = _path(_END_OF_TARGET.split(rest, maxsplit=1)[0])
        script_name = self._field("script_name") or ""
        environ = {
            "REQUEST_METHOD": method if _METHOD.fullmatch(method) else "GET",
            "SCRIPT_NAME": script_name,
            "PATH_INFO": unquote_to_bytes(path.removeprefix(script_name)).decode("latin-1"),
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "wsgi.input": io.BytesIO(),
            "wsgi.url_scheme": "http",
        }
        if origin := self._field("origin"):
            environ["HTTP_ORIGIN"] = origin
        return environ

    def _field(self, name: str) -> str:
        """The first header field of this name; empty without one."""
        pattern = rb"\r?\n" + name.encode() + rb":[ \t]*([\x21-\x7e]*)"
        found = re.search(pattern, self.head, re.IGNORECASE)
        return found[1].decode() if found else ""


def _path(target: str) -> str:
    """The path of a request target, which may be a whole address or no address at all."""
    path = re.split(r"[?#]", target, maxsplit=1)[0]
    if path.startswith("/"):
        return path
    try:
        return urlsplit(path).path
    except ValueError:
        return ""
