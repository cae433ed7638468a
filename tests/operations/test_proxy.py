"""The proxy that docs/running.md describes, in front of the server; skipped without nginx."""

from __future__ import annotations

import contextlib
import http.client
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.operations.programs import ROOT
from tests.operations.slow_server import (
    HEAD,
    LONG,
    Server,
    response,
    running_server,
    status_of,
)

pytestmark = pytest.mark.any_database
NGINX = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
CONFIGURATION = """\
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port};
        {documented}
    }}
}}
"""


def documented(port: int) -> str:
    """The blocks of nginx's configuration in the documentation, for a server on `port`."""
    text = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```nginx\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    assert blocks
    return "\n".join(blocks).replace("127.0.0.1:8000", f"127.0.0.1:{port}")


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running_server() as running:
        yield running


@pytest.fixture(scope="module")
def proxy(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    if NGINX is None:
        pytest.skip("no nginx: install the package nginx")
    tmp_path = tmp_path_factory.mktemp("nginx")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    configuration = tmp_path / "nginx.conf"
    configuration.write_text(
        CONFIGURATION.format(folder=tmp_path, port=port, documented=documented(server.port))
    )
    process = subprocess.Popen([NGINX, "-p", tmp_path, "-c", configuration])
    running = replace(server, port=port)
    try:
        deadline = time.monotonic() + LONG
        while True:
            with contextlib.suppress(OSError):
                running.answers()
                break
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.1)
        yield running
    finally:
        process.terminate()
        process.wait(LONG)


@pytest.mark.parametrize(
    "half", [b"", HEAD, HEAD + b"Content-Length: 5000000\r\n\r\n" + b"x" * 1_000_000]
)
def test_clients_with_half_a_request_or_upload_leave_the_server_to_others(proxy, half):
    for _ in range(16):
        proxy.send(half)
    assert all(proxy.answers() for _ in range(8))


@pytest.mark.parametrize(
    ("length", "content_type"),
    [(60_000, b"application/json"), (100_000, b"text/html")],
)
def test_a_line_as_long_as_the_api_takes_passes_the_proxy(proxy, length, content_type):
    """The test's own server takes 4,094 bytes and says so; a longer line nginx refuses itself."""
    line = b"GET /api/things?" + b"4" * length + b" HTTP/1.1\r\n"
    answer = response(proxy.send(line + b"Host: a\r\nConnection: close\r\n\r\n"))
    assert status_of(answer) == 414
    assert b"\r\nContent-Type: " + content_type in answer


def test_the_last_entry_of_the_header_is_the_address_that_called_the_proxy(proxy):
    connection = http.client.HTTPConnection("127.0.0.1", proxy.port, timeout=LONG)
    with contextlib.closing(connection):
        forged = {"X-Forwarded-For": "203.0.113.1", "X-Forwarded-Proto": "https"}
        connection.request("GET", "/headers", headers=forged)
        forwarded = connection.getresponse().read().decode().splitlines()
    assert forwarded == ["203.0.113.1, 127.0.0.1", "http"]
