"""`make bench`: our API beside Wagtail's API v2, on the same database, in one run.

Each side of a case is served by a server of its own with two workers, so that memory and processor
time can be told apart; wrk asks them in turns, so that what else the machine does befalls both.
Needs wrk on the path. DATABASE_URL chooses the database; without it, a new SQLite database is made.
Options: --seconds N (per run, 5), --connections 16,64.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

WORKERS = 2
THREADS = 2
#: The product's own, which both sides have: it sees to it that both workers get connections.
WORKER = "cms.operations.workers.SharingWorker"


@dataclass(frozen=True)
class Case:
    """One address of each side that gives the same content."""

    name: str
    ours: str
    stock: str
    #: How many times as fast ours is to be; None where that is only reported.
    goal: float | None


def main() -> int:
    """Measure, print the table, and tell whether the goals were reached (exit code 1: no)."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--connections", default="16,64")
    options = parser.parse_args()
    if shutil.which("wrk") is None:
        print("wrk is not installed; on Debian: apt-get install wrk", file=sys.stderr)
        return 2
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    with tempfile.TemporaryDirectory(prefix="perkeso-cms-bench-") as folder:
        os.environ["DATA_DIR"] = folder
        # Looked for by the middleware that serves what `collectstatic` has collected.
        (Path(folder) / "static").mkdir()
        import django

        django.setup()
        from benchmarks.report import cases, report

        return report(
            cases(),
            [int(part) for part in options.connections.split(",")],
            options.seconds,
        )


def free_port() -> int:
    """A port on the loopback address that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextlib.contextmanager
def server() -> Iterator[tuple[int, str]]:
    """A server with two workers; its process id and address. It ends with the block."""
    port = free_port()
    command = [
        *(sys.executable, "-m", "gunicorn", "benchmarks.wsgi", "--bind", f"127.0.0.1:{port}"),
        *("--workers", str(WORKERS), "--worker-class", WORKER, "--threads", str(THREADS)),
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


if __name__ == "__main__":
    sys.exit(main())
