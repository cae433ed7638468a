"""Installs the wheels in a virtual environment and uses them in the foreign project."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg2
from dj_database_url import parse
from psycopg2 import sql

from devtools.packages.building import ROOT, Built
from devtools.packages.commands import run

PROJECT = Path(__file__).parent / "foreign_project"
#: PostgreSQL drivers: the package of each, and the other one, which must not be installed then.
DRIVERS = {
    "psycopg2": ("psycopg2-binary", "psycopg"),
    "psycopg": ("psycopg[binary]", "psycopg2-binary"),
}


@dataclass(frozen=True)
class Installation:
    """A copy of the foreign project with its own virtual environment."""

    folder: Path

    @property
    def python(self) -> Path:
        return self.folder / "environment" / "bin" / "python"

    @property
    def project(self) -> Path:
        return self.folder / "project"

    def pip(self, command: str, *arguments: str | Path) -> None:
        """Run a command of pip through uv, which is faster."""
        uv = [sys.executable, "-m", "uv", "pip", command, "--quiet"]
        run([*uv, "--python", self.python, *arguments], cwd=self.folder)

    def use_driver(self, driver: str) -> None:
        """Make `driver` the only PostgreSQL driver."""
        package, other = DRIVERS[driver]
        self.pip("uninstall", other)
        self.pip("install", "--constraint", self.folder / "constraints.txt", package)

    def walk_through(self, database_url: str) -> str:
        """Check, migrate, publish and read in the project; returns the last line of output."""
        environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PYTHON", "DJANGO_", "DATABASE_URL"))
        }
        environment["DATABASE_URL"] = database_url
        for arguments in (
            ("manage.py", "makemigrations", "--verbosity=0", "home"),
            ("manage.py", "check", "--fail-level=WARNING", "--database=default"),
            ("manage.py", "migrate", "--verbosity=0"),
            ("walk_through.py",),
        ):
            output = run([self.python, *arguments], cwd=self.project, environment=environment)
        return output.strip().rpartition("\n")[2]


def install(distributions: Sequence[Built], folder: Path) -> Installation:
    """Create a virtual environment in `folder` with the wheels and their requirements.

    Versions are those of requirements-dev.txt, which the other tests use too.
    """
    shutil.copytree(PROJECT, folder / "project", ignore=shutil.ignore_patterns("__pycache__"))
    pins = (ROOT / "requirements-dev.txt").read_text(encoding="utf-8").splitlines()
    pinned = [line for line in pins if "==" in line and not line.startswith((" ", "-", "#"))]
    (folder / "constraints.txt").write_text("\n".join(pinned), encoding="utf-8")
    run([sys.executable, "-m", "venv", "--without-pip", folder / "environment"], cwd=folder)
    installation = Installation(folder)
    installation.pip(
        *("install", "--constraint", folder / "constraints.txt", "dj-database-url"),
        *(built.wheel for built in distributions),
    )
    return installation


@contextmanager
def temporary_database(server_url: str) -> Iterator[str]:
    """The URL of a new database on the PostgreSQL server of `server_url`, dropped at the end."""
    settings = parse(server_url)
    name = f"{settings['NAME'] or 'plugins'}_packages_{os.getpid()}"
    connection = psycopg2.connect(
        host=settings["HOST"],
        port=settings["PORT"] or None,
        user=settings["USER"],
        password=settings["PASSWORD"] or None,
        dbname="postgres",
    )
    connection.autocommit = True
    database = sql.Identifier(name)
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL("CREATE DATABASE {}").format(database))
            try:
                yield f"{server_url.rpartition('/')[0]}/{name}"
            finally:
                cursor.execute(sql.SQL("DROP DATABASE {}").format(database))
    finally:
        connection.close()
