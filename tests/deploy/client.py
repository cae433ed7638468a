"""A client of the proxies that sees each response as it is sent."""

from __future__ import annotations

import contextlib
import gzip
import http.client
import json
import socket
import ssl
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from typing import Any

from tests.deploy.programs import HOST, LONG, program

# One for all, and without the authorities, which take long to read.
CONTEXT = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
CONTEXT.check_hostname = False
CONTEXT.verify_mode = ssl.CERT_NONE


@dataclass(frozen=True)
class Response:
    status: int
    headers: Message
    body: bytes

    @property
    def cache(self) -> str:
        """What the proxy says about its cache: MISS, HIT, STALE."""
        return self.headers.get("X-Cache", "")

    @property
    def document(self) -> Any:
        return json.loads(unpacked(self.body, self.headers.get("Content-Encoding", "")))


def unpacked(body: bytes, encoding: str) -> bytes:
    if encoding == "br":
        command = [program("brotli"), "-dc"]
        return subprocess.run(command, input=body, capture_output=True, check=True).stdout
    return gzip.decompress(body) if encoding == "gzip" else body


@dataclass(frozen=True)
class Client:
    """Connects to the TLS port of a proxy; every request has a connection of its own."""

    port: int
    #: The port without TLS.
    plain_port: int

    def connect(self, host: str = HOST) -> ssl.SSLSocket:
        connection = socket.create_connection(("127.0.0.1", self.port), LONG)
        try:
            return CONTEXT.wrap_socket(connection, server_hostname=host)
        except BaseException:
            connection.close()
            raise

    def ask(
        self,
        path: str,
        method: str = "GET",
        *,
        host: str = HOST,
        body: bytes | None = None,
        fields: Mapping[str, str] | None = None,
        **headers: str,
    ) -> Response:
        """Send a request; `headers` have underscores for hyphens, `fields` are sent as they are."""
        fields = {name.replace("_", "-"): value for name, value in headers.items()} | (fields or {})
        connection = http.client.HTTPConnection(host)
        connection.sock = self.connect()
        with contextlib.closing(connection):
            connection.request(method, path, body, fields)
            response = connection.getresponse()
            return Response(response.status, response.headers, response.read())
