"""The product's server and a delivery process, on a SQLite file with a little content."""

from __future__ import annotations

import contextlib
import http.client
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection, connections
from django.test import override_settings

from tests.deploy.gate import Gate
from tests.deploy.programs import HOST, LONG, ended, free_ports
from tests.operations.programs import ROOT, environment
from tests.publishing.processes import in_process, outcome

SETTINGS = "tests.deploy.origin_settings"


@dataclass(frozen=True)
class Origin:
    """The processes, on ports that can be closed, and their database."""

    server: Gate
    delivery: Gate
    database: Path
    #: The port at which Varnish takes purges.
    purge: int

    @property
    def gates(self) -> tuple[Gate, Gate]:
        return self.server, self.delivery

    @property
    def heads(self) -> list[str]:
        """The heads of the requests so far, of both processes."""
        return [head for gate in self.gates for head in gate.heads]

    def requests(self, path: str) -> int:
        """How often the origin was asked for `path`, with any query."""
        return sum(gate.requests(path) for gate in self.gates)

    def publish(self, work: Callable[[], Any]) -> None:
        """Do `work` in a process with the server's database."""
        on_file(self.database, work)

    def run_worker(self) -> None:
        """What the worker does until nothing is left: it purges Varnish of what was published."""
        target = {"varnish": {"ADDRESS": f"http://127.0.0.1:{self.purge}"}}

        def run() -> None:
            with override_settings(WAGTAIL_DELIVERY={"PURGE": target}):
                call_command("delivery_worker", once=True)

        on_file(self.database, run)


def on_file(database: Path, work: Callable[[], Any]) -> None:
    """Call `work` in a process in which Django's database is this file."""

    def on_it() -> None:
        wrapper = connections["default"]
        values = wrapper.settings_dict | {"NAME": str(database)}
        connections.databases["default"] = values
        connections["default"] = type(wrapper)(values, "default")
        work()

    assert outcome(in_process(on_it)) == 0


def copy_database(database: Path) -> None:
    """Write the migrated test database, which is in memory, to a file."""
    connection.ensure_connection()
    with contextlib.closing(sqlite3.connect(database)) as target:
        connection.connection.backup(target)


@contextlib.contextmanager
def running(folder: Path, purge: int, make_content: Callable[[], Any]) -> Iterator[Origin]:
    """Serve content until the block ends; `purge` is the port at which Varnish takes purges."""
    database = folder / "cms.sqlite3"
    copy_database(database)
    server, delivery = free_ports(2)
    variables = environment(
        folder,
        DJANGO_SETTINGS_MODULE=SETTINGS,
        SECRET_KEY="k" * 60,
        ALLOWED_HOSTS=HOST,
        BEHIND_TLS_PROXY="yes",
        PORT=str(server),
    )
    commands = {server: ["serve"], delivery: ["serve_delivery", "--bind", f"127.0.0.1:{delivery}"]}
    with contextlib.ExitStack() as stack:
        for port, command in commands.items():
            process = subprocess.Popen(
                [sys.executable, "manage.py", *command],
                cwd=ROOT,
                env=variables,
                stdout=stack.enter_context((folder / f"{port}.log").open("wb")),
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            stack.enter_context(ended(process))
        on_file(database, make_content)
        for port in commands:
            wait_until_ready(port, folder / f"{port}.log")
        origin = Origin(Gate(server), Gate(delivery), database, purge)
        # The caches are purged of what changes from now on.
        origin.run_worker()
        yield origin
        for gate in origin.gates:
            gate.close()


def wait_until_ready(port: int, log: Path) -> None:
    deadline = time.monotonic() + 2 * LONG
    while True:
        server = http.client.HTTPConnection("127.0.0.1", port, timeout=LONG)
        with contextlib.suppress(OSError), contextlib.closing(server):
            server.request("GET", "/api/v1/health/ready", headers={"Host": HOST})
            if server.getresponse().status == 200:
                return
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.1)
