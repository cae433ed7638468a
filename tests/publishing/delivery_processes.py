"""Delivery processes on a database of the test's own, with a role that can only read."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from wagtail.models import Site

from tests.factories import HomePageFactory
from tests.operations.programs import ROOT, environment
from tests.publishing.own_cluster import NAME, Cluster, free_port, own_cluster

#: Seconds within which processes start, and something becomes visible; it takes milliseconds.
START, PATIENCE = 120.0, 30.0


@dataclass(frozen=True)
class Answer:
    """An answer to a client."""

    status: int
    headers: dict[str, str] = field(compare=False)
    body: bytes = b""

    @property
    def seen(self) -> tuple[int, dict[str, str], bytes]:
        """What two servers must have in common."""
        own = ("date", "server", "connection", "transfer-encoding")
        return (
            self.status,
            {name: value for name, value in self.headers.items() if name not in own},
            self.body,
        )


@dataclass(frozen=True)
class DeliveryServer:
    """A running `manage.py serve_delivery`."""

    process: subprocess.Popen[str]
    port: int

    def get(self, path: str, **headers: str) -> Answer:
        """The answer to a path below the API's; an error of the API is an answer too."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/v1{path}", headers=headers
        )
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as response:
                return _answer(response)
        except urllib.error.HTTPError as error:
            with error:
                return _answer(error)

    def json(self, path: str) -> Any:
        answer = self.get(path)
        assert answer.status == 200, answer
        return json.loads(answer.body)

    def is_there(self) -> bool:
        """Whether it answers; a worker that has just started does not yet."""
        try:
            return self.get("/health/live").status == 200
        except OSError:
            return False

    def wait_until_memory_is(self, status: str) -> None:
        """Wait until the process that answers says so."""
        self.wait_until(lambda: self.json("/health/memory")["status"] == status)

    def wait_until(self, condition: Any) -> None:
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < deadline
            time.sleep(0.05)

    def workers(self) -> list[int]:
        """The process ids of the workers."""
        found = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(self.process.pid)],
            capture_output=True,
            text=True,
            check=False,
        )
        return [int(pid) for pid in found.stdout.split()]


def _answer(response: Any) -> Answer:
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Answer(response.status, headers, response.read())


def documented_role() -> str:
    """The SQL in `docs/running.md` that makes the role of delivery processes."""
    text = (ROOT / "docs" / "running.md").read_text()
    found = re.search(r"```sql\n(.*?CREATE ROLE.*?)```", text, re.DOTALL)
    assert found
    return found[1]


def make_role() -> None:
    """Make the documented role in the database of the test."""
    with connection.cursor() as cursor:
        cursor.execute(documented_role())


@contextmanager
def delivery_cluster() -> Iterator[Cluster]:
    """A database server of the test's own with the documented role, a site and its home page."""
    with own_cluster() as own:
        make_role()
        home = HomePageFactory()
        Site.objects.create(hostname="localhost", port=80, is_default_site=True, root_page=home)
        home.save_revision().publish()
        yield own


@contextmanager
def delivery_server(
    cluster: Cluster, folder: Path, *, workers: int = 1, **variables: str
) -> Iterator[DeliveryServer]:
    """A delivery server that knows nothing but the role's address of the database."""
    port = free_port()
    origin = environment(
        folder,
        DATABASE_URL=f"postgres://cms_delivery:secret@127.0.0.1:{cluster.port}/{NAME}",
        DJANGO_SETTINGS_MODULE="cms.settings.test",
        CONTENT_LANGUAGES=",".join(code for code, _name in settings.LANGUAGES),
        **variables,
    )
    # Not a pipe: nobody would read it, and a full one stops who writes.
    log = folder / f"delivery-{port}.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [
                *(sys.executable, "manage.py", "serve_delivery"),
                *("--bind", f"127.0.0.1:{port}", "--workers", str(workers)),
            ],
            cwd=ROOT,
            env=origin,
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
    server = DeliveryServer(process, port)
    try:
        _wait_for_start(server)
        yield server
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(PATIENCE)
        sys.stdout.write(log.read_text())


def _wait_for_start(server: DeliveryServer) -> None:
    deadline = time.monotonic() + START
    while True:
        assert server.process.poll() is None
        assert time.monotonic() < deadline
        try:
            if server.get("/health/live").status == 200:
                return
        except OSError:
            time.sleep(0.1)
