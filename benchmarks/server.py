"""Starts the servers that are measured."""

from __future__ import annotations

import contextlib
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator

WORKERS = 2
THREADS = 2
#: The product's own, used for both sides: it gives every worker its share of the connections.
WORKER = "cms.operations.workers.SharingWorker"


def free_port() -> int:
    """A free port on the loopback address."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextlib.contextmanager
def server(workers: int = WORKERS, threads: int = THREADS) -> Iterator[tuple[int, str]]:
    """Run a server until the block ends; yields its process id and address."""
    port = free_port()
    command = [
        *(sys.executable, "-m", "gunicorn", "benchmarks.wsgi", "--bind", f"127.0.0.1:{port}"),
        *("--workers", str(workers), "--worker-class", WORKER, "--threads", str(threads)),
        *("--keep-alive", "30", "--log-level", "error"),
    ]
    process = subprocess.Popen(command)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/admin/login/"):
                break
            time.sleep(0.1)
        yield process.pid, address
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)
