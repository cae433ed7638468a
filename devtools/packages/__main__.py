"""`make packages`: build the plugins, check the packages and use them in a foreign project."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from devtools.packages.building import build, check, plugins
from devtools.packages.commands import CheckError
from devtools.packages.using import DRIVERS, install, temporary_database

STARTED = time.monotonic()


def say(text: str) -> None:
    print(f"[{time.monotonic() - STARTED:4.0f} s] {text}", flush=True)


def check_packages(folder: Path, postgres: str, drivers: list[str]) -> None:
    """Run all checks in `folder`; raises CheckError at the first failure."""
    distributions = []
    for plugin in plugins():
        built = build(plugin, folder)
        check(built)
        say(f"{built.sdist.name} and {built.wheel.name} pass their checks.")
        distributions.append(built)
    installation = install(distributions, folder)
    say("Both wheels are installed in a new environment.")
    say(installation.walk_through(f"sqlite:///{folder / 'project.sqlite3'}"))
    for driver in drivers if postgres else ():
        installation.use_driver(driver)
        with temporary_database(postgres) as database_url:
            say(installation.walk_through(database_url))


def main() -> int:
    """Read the command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="devtools.packages", description=__doc__)
    parser.add_argument(
        "--postgres",
        default="",
        metavar="URL",
        help="also use a new database beside this one; its user must be able to create databases",
    )
    parser.add_argument(
        "--driver",
        action="append",
        choices=DRIVERS,
        help="the PostgreSQL driver to use, repeatable; both by default",
    )
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="packages-") as folder:
        try:
            check_packages(Path(folder), arguments.postgres, arguments.driver or [*DRIVERS])
        except CheckError as error:
            print(error, file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
