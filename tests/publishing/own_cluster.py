"""A PostgreSQL server of a test's own, which it may crash."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

NAME = "copy"
#: What a crash of the machine would lose is not tested.
OPTIONS = "-c fsync=off -c listen_addresses=127.0.0.1 -c max_connections=200"


@dataclass(frozen=True)
class Cluster:
    """A running server."""

    programs: Path
    folder: Path
    port: int

    def run(self, program: str, *arguments: str, **options: Any) -> None:
        """Run one of PostgreSQL's programs, which refuse to run as root."""
        who = {"user": "postgres", "group": "postgres", "extra_groups": []}
        command = [str(self.programs / program), *arguments]
        as_postgres = who if os.geteuid() == 0 else {}
        subprocess.run(
            command, check=True, stdout=subprocess.DEVNULL, cwd="/", **as_postgres, **options
        )

    def start(self) -> None:
        """Start the server, and wait until it answers."""
        options = f"{OPTIONS} -p {self.port} -c unix_socket_directories={self.folder}"
        log = str(self.folder / "log")
        self.run("pg_ctl", "-D", str(self.folder / "data"), "-w", "-l", log, "-o", options, "start")

    def sql(self, statement: str) -> str:
        """Run a statement as the superuser; returns what it gives."""
        found = subprocess.run(
            [
                *(str(self.programs / "psql"), "-h", "127.0.0.1", "-p", str(self.port)),
                *("-U", "postgres", "-d", NAME, "-Atc", statement),
            ],
            check=True,
            capture_output=True,
            text=True,
        )
        return found.stdout.strip()

    @contextmanager
    def standby(self) -> Iterator[Cluster]:
        """Run a server within this block that follows this one."""
        standby = Cluster(self.programs, self.folder / "standby", free_port())
        standby.folder.mkdir()
        if os.geteuid() == 0:
            shutil.chown(standby.folder, "postgres", "postgres")
        primary = ("-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres")
        data = str(standby.folder / "data")
        self.run("pg_basebackup", *primary, "-D", data, "-R", "-c", "fast", "--no-sync")
        standby.start()
        try:
            yield standby
        finally:
            standby.stop()

    def stop(self) -> None:
        """End the server at once, as a crash would; it recovers when it is started."""
        self.run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "stop")

    def crash_and_start(self) -> None:
        self.stop()
        self.start()


def free_port() -> int:
    """A free port of this machine."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number: int = free.getsockname()[1]
    return number


@contextmanager
def own_cluster() -> Iterator[Cluster]:
    """Let Django use a copy of the test's database in a new server within this block.

    What it commits outlasts a crash. Other tests turn that off by PGOPTIONS, to be faster.
    """
    folder = Path(tempfile.mkdtemp(prefix="own-cluster-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    cluster = Cluster(_programs(), folder, free_port())
    settings, before = connection.settings_dict, dict(connection.settings_dict)
    environment = pytest.MonkeyPatch()
    environment.delenv("PGOPTIONS", raising=False)
    try:
        # Of anybody on this machine, for as long as the test runs.
        cluster.run("initdb", "-D", str(folder / "data"), "-U", "postgres", "-A", "trust")
        cluster.start()
        try:
            connection.close()
            _copy(cluster, before)
            settings |= {
                "HOST": "127.0.0.1",
                "PORT": str(cluster.port),
                "USER": "postgres",
                "PASSWORD": "",
                "NAME": NAME,
            }
            yield cluster
        finally:
            connection.close()
            settings |= before
            cluster.stop()
    finally:
        environment.undo()
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    """The folder of PostgreSQL's programs; Debian keeps those of the server off the path."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not folders:
        pytest.skip("The programs of a PostgreSQL server are not on this machine.")
    return folders[-1].parent


def _copy(cluster: Cluster, settings: dict[str, Any]) -> None:
    mine = ["-h", "127.0.0.1", "-p", str(cluster.port), "-U", "postgres"]
    cluster.run("createdb", *mine, NAME)
    where = {"PGHOST": settings["HOST"], "PGPORT": settings["PORT"], "PGUSER": settings["USER"]}
    environment = {**os.environ, **{name: str(value) for name, value in where.items() if value}}
    if settings["PASSWORD"]:
        environment["PGPASSWORD"] = str(settings["PASSWORD"])
    dump = cluster.folder / "dump"
    cluster.run("pg_dump", "-Fc", "-f", str(dump), str(settings["NAME"]), env=environment)
    cluster.run("pg_restore", *mine, "--no-owner", "-d", NAME, str(dump))
