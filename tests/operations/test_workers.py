"""Busy workers leave new connections to the others."""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterator
from unittest.mock import Mock

import pytest
from gunicorn.config import Config
from gunicorn.glogging import Logger

from cms.operations import workers
from cms.operations.server import Server
from cms.operations.workers import PatientWorker, SharingWorker

THREADS = 2


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as created:
        created.setblocking(False)
        yield created


@pytest.fixture
def client(listener: socket.socket) -> Iterator[socket.socket]:
    """A connection that no worker has accepted yet."""
    with socket.create_connection(listener.getsockname()) as created:
        yield created


@pytest.fixture
def worker(listener: socket.socket, monkeypatch: pytest.MonkeyPatch) -> SharingWorker:
    """A worker that counts its connections and closes them unread."""
    cfg = Config()
    cfg.set("threads", THREADS)
    made = SharingWorker(1, 0, [listener], None, 30, cfg, Logger(cfg))
    monkeypatch.setattr(made, "_receive", lambda connection, **_: connection.close())
    return made


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses that the worker requested; it does not really wait."""
    lengths: list[float] = []
    monkeypatch.setattr(workers.time, "sleep", lengths.append)
    return lengths


@pytest.mark.usefixtures("client")
def test_a_worker_with_a_free_thread_accepts_at_once(worker, listener, pauses):
    worker.nr_conns = THREADS
    worker.accept(listener)
    assert worker.nr_conns == THREADS + 1
    assert pauses == []


@pytest.mark.usefixtures("client")
def test_a_busy_worker_leaves_a_connection_to_another(worker, listener, monkeypatch):
    pauses, taken = [], []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        taken.append(listener.accept()[0])

    monkeypatch.setattr(workers.time, "sleep", pause)
    worker.nr_conns = THREADS + 1
    worker.accept(listener)
    assert len(taken) == 1
    taken[0].close()
    assert worker.nr_conns == THREADS + 1
    assert pauses == [workers.ACCEPT_DELAY]


@pytest.mark.usefixtures("client")
def test_a_busy_worker_accepts_a_connection_that_no_other_took(worker, listener, pauses):
    worker.nr_conns = THREADS + 1
    worker.accept(listener)
    assert worker.nr_conns == THREADS + 2
    assert len(pauses) == 1


@pytest.mark.usefixtures("client")
def test_idle_connections_do_not_make_a_worker_busy(worker, listener, pauses):
    worker.nr_conns = 10
    worker.keepalived_conns.extend([object()] * 4)
    for waiting in (worker.arriving, worker.sending, worker.lingering, worker.queued):
        waiting.add(object())
    worker.accept(listener)
    assert worker.nr_conns == 11
    assert pauses == []


class FullListener:
    """A listener of a process that has no free file descriptor."""

    def accept(self) -> None:
        raise OSError(errno.EMFILE, "Too many open files")


class Idle:
    """A connection that is kept alive."""

    sock = None
    is_closed = False

    def close(self) -> None:
        self.is_closed = True


def test_a_worker_without_free_file_descriptors_closes_its_oldest_idle_connection(
    worker, pauses, monkeypatch
):
    monkeypatch.setattr(worker, "poller", Mock())
    idle = [Idle(), Idle()]
    worker.keepalived_conns.extend(idle)
    worker.nr_conns = 2
    worker.accept(FullListener())
    assert [each.is_closed for each in idle] == [True, False]
    assert worker.nr_conns == 1
    worker.accept(FullListener())
    assert pauses == []
    worker.accept(FullListener())
    assert pauses == [workers.FULL_DELAY]


@pytest.mark.parametrize(("count", "expected"), [(1, PatientWorker), (2, SharingWorker)])
def test_the_server_shares_connections_only_among_several_workers(count, expected):
    with socket.create_server(("127.0.0.1", 0)) as reserved:
        served = Server(
            reserved.dup(),
            workers=count,
            threads=THREADS,
            access_log=False,
            scheduler_lock=None,
            when_ready=lambda: None,
        )
        with socket.socket(fileno=int(served.options["bind"].removeprefix("fd://"))):
            assert served.cfg.worker_class is expected
