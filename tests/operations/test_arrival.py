"""Clients that send or read slowly hold no thread, and workers end with their master."""

from __future__ import annotations

import contextlib
import json
import signal
import socket
import time
from collections.abc import Iterator

import pytest

from tests.operations.slow_application import BIG, HUGE
from tests.operations.slow_server import (
    CLOSE,
    CONNECTIONS,
    HEAD,
    LONG,
    WORKERS,
    Server,
    response,
    running_server,
    status_of,
)

pytestmark = pytest.mark.any_database
GET = b"GET %b HTTP/1.1\r\nHost: a\r\n\r\n"
WHOLE = HEAD + b"Content-Length: 1\r\n\r\nx"
LONG_FIELDS = (b"X-A: " + b"a" * 8000 + b"\r\n") * 20


@pytest.fixture
def own_server() -> Iterator[Server]:
    """A server that the test may end."""
    with running_server() as running:
        yield running


def assert_answers_at_once(server: Server) -> None:
    start = time.monotonic()
    assert all(server.answers() for _ in range(8))
    # Those that hold a thread hold it for two seconds, one pair after another.
    assert time.monotonic() - start < 4


@pytest.mark.parametrize(
    "half",
    [
        b"",
        HEAD,
        HEAD + b"Content-Length: 1000\r\n\r\nhalf",
        HEAD + b"content-length:\t65536\r\n\r\n",
        # The second request is half.
        WHOLE + HEAD,
        WHOLE + HEAD + b"Content-Length: 1000\r\n\r\nhalf",
        # Longer than any head that is awaited.
        HEAD + LONG_FIELDS,
        b"GET /?" + b"4" * 200_000,
        # Uploads.
        HEAD + b"Content-Length: 65537\r\n\r\n",
        HEAD + b"Content-Length: 99999999999999999999\r\n\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n3\r\n",
        HEAD + b"Expect: 100-continue\r\nContent-Length: 3\r\n\r\n",
        # The server closes these, and the client does not.
        HEAD + CLOSE + b"\r\n",
        b"no request\r\n\r\n",
        HEAD + b"Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
    ],
    ids=lambda half: half[-40:].decode(),
)
def test_clients_with_half_a_request_leave_the_threads_to_others(server, half):
    waiting = [server.send(half) for _ in range(16)]
    assert_answers_at_once(server)
    assert len(waiting) == 16


def test_half_a_request_ends_after_its_time(server):
    origin = b"Origin: https://a.example\r\n"
    halves = [
        b"GET /",
        HEAD,
        HEAD + b"Content-Length: 9\r\n\r\nhalf",
        b"GET /api/x HTTP/1.1\r\n" + origin,
    ]
    silent = server.connect()
    waiting = [server.send(half) for half in halves]
    answers = [response(connection) for connection in waiting]
    assert [status_of(answer) for answer in answers] == [408] * 4
    assert json.loads(answers[-1].partition(b"\r\n\r\n")[2])["HTTP_ORIGIN"] == "https://a.example"
    assert response(silent) == b""


def test_uploads_wait_for_one_another_and_not_for_ever(server):
    upload = HEAD + CLOSE + b"Content-Length: 70000\r\n\r\n" + b"x" * 69_999
    waiting = [server.send(upload) for _ in range(8)]
    assert_answers_at_once(server)
    for connection in waiting:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            connection.sendall(b"x")
    answers = [response(connection) for connection in waiting]
    assert {status_of(answer) for answer in answers} == {200}
    stuck = [server.send(upload) for _ in range(8)]
    statuses = [status_of(answer) for answer in map(response, stuck) if answer]
    # Those with a thread are closed when they are silent for long; the others are refused before.
    assert statuses
    assert set(statuses) == {503}


def test_kept_alive_connections_with_half_a_request_hold_no_thread_either(server):
    waiting = [server.send(WHOLE) for _ in range(16)]
    for connection in waiting:
        wait_for(connection, b"\r\n\r\nx")
        connection.sendall(HEAD)
    assert_answers_at_once(server)
    waiting[0].sendall(b"Content-Length: 1\r\n\r\ny")
    wait_for(waiting[0], b"\r\n\r\ny")


def wait_for(connection: socket.socket, end: bytes) -> None:
    """Read until the response ends with `end`."""
    received = b""
    while not received.endswith(end):
        part = connection.recv(1000)
        assert part
        received += part


def test_idle_connections_make_room_for_new_ones(server):
    idle = [server.connect() for _ in range(WORKERS * CONNECTIONS)]
    kept = [server.send(WHOLE) for _ in range(WORKERS * CONNECTIONS)]
    assert_answers_at_once(server)
    assert len(idle) == len(kept)


@pytest.mark.parametrize("path", [b"/big", b"/file"])
def test_clients_that_do_not_read_hold_no_thread(server, path):
    waiting = [server.send(GET % path, receive_buffer=4096) for _ in range(16)]
    assert_answers_at_once(server)
    assert all(connection.recv(1000) for connection in waiting)


@pytest.mark.parametrize("path", [b"/big", b"/file", b"/huge"])
def test_a_slow_reader_gets_everything_and_may_ask_again(server, path):
    connection = server.send(GET % path + WHOLE, receive_buffer=4096)
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += connection.recv(1)
    length = HUGE if path == b"/huge" else BIG
    assert b"\r\nContent-Length: %d\r\n" % length in head
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024 * 1024)
    body = bytearray()
    while len(body) < length:
        body += connection.recv(min(1024 * 1024, length - len(body)))
    assert body == b"0123456789abcdef" * (length // 16)
    wait_for(connection, b"\r\n\r\nx")


def test_a_client_that_reads_nothing_for_long_is_given_up(server):
    waiting = [server.send(GET % path, receive_buffer=4096) for path in (b"/big", b"/huge")]
    time.sleep(3.5)
    for connection in waiting:
        with contextlib.suppress(ConnectionResetError):
            assert len(response(connection)) < BIG


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


def is_running(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("path", [b"/big", b"/stuck"])
def test_workers_of_a_killed_master_free_the_port_and_end(own_server, path):
    """Also with a response, half a request and a request that does not end."""
    own_server.send(GET % path, receive_buffer=4096)
    own_server.send(WHOLE)
    own_server.send(HEAD)
    own_server.connect()
    workers = own_server.workers()
    own_server.process.kill()
    own_server.process.wait(LONG)
    deadline = time.monotonic() + LONG
    while any(is_running(pid) for pid in workers):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    socket.create_server(("127.0.0.1", own_server.port)).close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_although_requests_are_half_sent(own_server, number):
    for _ in range(4):
        own_server.send(HEAD)
    own_server.process.send_signal(number)
    assert own_server.process.wait(60) == 0
