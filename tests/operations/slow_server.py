"""The small application on real worker processes, for tests with sockets of their own."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.operations.programs import ROOT

THREADS = 2
WORKERS = 2
#: Connections of one worker.
CONNECTIONS = 40
#: Seconds after which a test has failed.
LONG = 20

HEAD = b"POST / HTTP/1.1\r\nHost: a\r\n"
CLOSE = b"Connection: close\r\n"


@dataclass
class Server:
    process: subprocess.Popen[bytes]
    port: int
    connections: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)

    def connect(self, receive_buffer: int | None = None) -> socket.socket:
        connection = self.connections.enter_context(socket.socket())
        connection.settimeout(LONG)
        if receive_buffer is not None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        connection.connect(("127.0.0.1", self.port))
        return connection

    def send(self, data: bytes, receive_buffer: int | None = None) -> socket.socket:
        connection = self.connect(receive_buffer)
        connection.sendall(data)
        return connection

    def answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LONG)
        with contextlib.closing(connection):
            connection.request("POST", "/", b"whole")
            return connection.getresponse().read() == b"whole"

    def workers(self) -> list[int]:
        path = f"/proc/{self.process.pid}/task/{self.process.pid}/children"
        with open(path) as file:
            return [int(pid) for pid in file.read().split()]


@contextlib.contextmanager
def running_server() -> Iterator[Server]:
    """Run the application until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn", "tests.operations.slow_application"),
            *("--bind", f"127.0.0.1:{port}", "--workers", str(WORKERS), "--preload"),
            *("--threads", str(THREADS), "--worker-connections", str(CONNECTIONS)),
            *("--keep-alive", "75", "--log-level", "critical", "--no-control-socket"),
            *("--worker-class", "cms.operations.workers.SharingWorker"),
        ],
        cwd=ROOT,
        start_new_session=True,
    )
    running = Server(process, port)
    try:
        deadline = time.monotonic() + 60
        while True:
            with contextlib.suppress(OSError):
                running.answers()
                if len(running.workers()) == WORKERS:
                    break
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.1)
        yield running
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(LONG)
        running.connections.close()


def response(connection: socket.socket) -> bytes:
    """What the server sends until it closes its side."""
    parts = []
    while part := connection.recv(65_536):
        parts.append(part)
    return b"".join(parts)


def status_of(answer: bytes) -> int:
    """The status of the first response in `answer`."""
    assert answer.startswith(b"HTTP/1.1 "), answer[:100]
    return int(answer[9:12])
