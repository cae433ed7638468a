"""Requests that arrive slowly hold no thread, and workers end with their master."""

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
from dataclasses import dataclass

import pytest

from tests.operations.programs import ROOT

pytestmark = pytest.mark.any_database
THREADS = 2
WORKERS = 2
#: Seconds after which a test has failed.
LONG = 20


@dataclass
class Server:
    process: subprocess.Popen[bytes]
    port: int
    connections: contextlib.ExitStack

    def connect(self) -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=LONG)
        return self.connections.enter_context(connection)

    def send(self, data: bytes) -> socket.socket:
        connection = self.connect()
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


@pytest.fixture
def server() -> Iterator[Server]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn", "tests.operations.slow_application"),
            *("--bind", f"127.0.0.1:{port}", "--workers", str(WORKERS), "--preload"),
            *("--threads", str(THREADS), "--keep-alive", "75", "--log-level", "critical"),
            *("--worker-class", "cms.operations.workers.SharingWorker"),
            "--no-control-socket",
        ],
        cwd=ROOT,
        start_new_session=True,
    )
    running = Server(process, port, contextlib.ExitStack())
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


HEAD = b"POST / HTTP/1.1\r\nHost: a\r\n"


@pytest.mark.parametrize(
    "half",
    [
        b"",
        HEAD,
        HEAD + b"Content-Length: 1000\r\n\r\nhalf",
        HEAD + b"content-length:\t65536\r\n\r\n",
    ],
)
def test_clients_with_half_a_request_leave_the_threads_to_others(server, half):
    waiting = [server.send(half) for _ in range(16)]
    assert all(server.answers() for _ in range(8))
    for connection in waiting:
        # They are closed after their time.
        assert connection.recv(1) == b""
    assert server.answers()


def test_kept_alive_connections_with_half_a_request_hold_no_thread_either(server):
    whole = HEAD + b"Content-Length: 1\r\n\r\nx"
    waiting = [server.send(whole) for _ in range(16)]
    for connection in waiting:
        wait_for(connection, b"\r\n\r\nx")
        connection.sendall(HEAD)
    assert all(server.answers() for _ in range(8))
    waiting[0].sendall(b"Content-Length: 1\r\n\r\ny")
    wait_for(waiting[0], b"\r\n\r\ny")


def wait_for(connection: socket.socket, end: bytes) -> None:
    """Read until the response ends with `end`."""
    received = b""
    while not received.endswith(end):
        part = connection.recv(1000)
        assert part
        received += part


def response(connection: socket.socket) -> bytes:
    parts = []
    while part := connection.recv(65_536):
        parts.append(part)
    return b"".join(parts)


CLOSE = b"Connection: close\r\n"


def test_a_request_in_many_pieces_is_answered(server):
    connection = server.connect()
    request = HEAD + CLOSE + b"Content-Length: 3\r\n\r\nabc"
    for place in range(len(request)):
        connection.sendall(request[place : place + 1])
    assert response(connection).endswith(b"\r\n\r\nabc")


@pytest.mark.parametrize("length", [0, 65_536, 65_537, 1_000_000])
def test_bodies_of_any_length_arrive(server, length):
    body = b"x" * length
    connection = server.send(HEAD + CLOSE + b"Content-Length: %d\r\n\r\n" % length + body)
    assert response(connection).partition(b"\r\n\r\n")[2] == body


def test_a_chunked_body_arrives(server):
    chunked = b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
    assert response(server.send(HEAD + CLOSE + chunked)).endswith(b"abc")


def test_a_client_that_waits_for_leave_to_send_gets_it(server):
    connection = server.send(HEAD + CLOSE + b"Expect: 100-continue\r\nContent-Length: 3\r\n\r\n")
    assert connection.recv(1000).startswith(b"HTTP/1.1 100 ")
    connection.sendall(b"abc")
    assert response(connection).endswith(b"abc")


def test_pipelined_requests_are_all_answered(server):
    one = HEAD + b"Content-Length: 1\r\n\r\nx"
    connection = server.send(one * 3 + HEAD + CLOSE + b"\r\n")
    assert response(connection).count(b"HTTP/1.1 200 ") == 4


def test_a_head_without_an_end_is_refused(server):
    line = b"X-A: " + b"a" * 1000 + b"\r\n"
    with contextlib.suppress(ConnectionResetError, BrokenPipeError):
        assert b" 4" in response(server.send(HEAD + line * 1000))[:20]
    assert server.answers()


def is_running(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("path", [b"/", b"/stuck"])
def test_workers_of_a_killed_master_free_the_port_and_end(server, path):
    """Also with a kept-alive connection, half a request and a request that does not end."""
    server.send(b"GET " + path + b" HTTP/1.1\r\nHost: a\r\n\r\n")
    server.send(HEAD)
    server.connect()
    workers = server.workers()
    server.process.kill()
    server.process.wait(LONG)
    deadline = time.monotonic() + LONG
    while any(is_running(pid) for pid in workers):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    socket.create_server(("127.0.0.1", server.port)).close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_although_requests_are_half_sent(server, number):
    for _ in range(4):
        server.send(HEAD)
    server.process.send_signal(number)
    assert server.process.wait(60) == 0
