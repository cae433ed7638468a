"""Run the tests of all projects, or those selected by ARGS; the last line is the summary."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import NoReturn

from devtools.testing import measuring
from devtools.testing.projects import ROOT, Project, Selection, find_projects, selection
from devtools.testing.runs import Result, end_all, environment_for_tests, merged, run
from devtools.testing.templates import drop_templates

KEPT = ROOT / ".pytest_cache" / "migrated"
#: Processes at a time.
WORKERS = max(2, min(os.cpu_count() or 2, 8))


def main() -> int:
    signal.signal(signal.SIGTERM, stop)
    options = read_arguments()
    wanted = selection(options.args)
    everything = find_projects()
    chosen = {
        project: paths
        for project in everything
        if (paths := wanted.within(project, everything)) is not None
        and (not options.only_database or project.follows_database_url)
    }
    with migrated_databases() as folder:
        environment = environment_for_tests(folder)
        if not wanted.is_small:
            migrate_ahead(list(chosen), environment)
        if options.coverage:
            measuring.start()
        runs = [
            ProjectRun(project, paths, wanted, options, environment)
            for project, paths in chosen.items()
        ]
        results = run_all(runs, one_by_one=wanted.is_small, fast=options.fast)
    low = measuring.report() if options.coverage else 0
    return summary(results, low)


def stop(number: int, frame: FrameType | None) -> NoReturn:
    """As with Ctrl-C: pytest ends too, and the templates are dropped."""
    end_all()
    sys.exit(128 + number)


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m devtools.testing", description=__doc__)
    parser.add_argument("--args", default="", metavar="ARGS", help="arguments for pytest")
    parser.add_argument("--fast", action="store_true", help="leave out slow and serial tests")
    parser.add_argument(
        "--only-database", action="store_true", help="leave out tests that need no database"
    )
    parser.add_argument(
        "--coverage", action="store_true", help="measure coverage and enforce its floors"
    )
    return parser.parse_args()


@dataclass(frozen=True)
class ProjectRun:
    """The selected tests of one project."""

    project: Project
    paths: list[str]
    wanted: Selection
    options: argparse.Namespace
    environment: dict[str, str]

    def start(self, *more: str, title: str = "", is_alone: bool = True) -> Result:
        """Run pytest on the tests, with `more` arguments."""
        arguments = [*more, *self.paths, *self.wanted.options]
        arguments += ["--fast"] if self.options.fast else []
        arguments += ["--only-database"] if self.options.only_database else []
        environment = self.environment
        if self.options.coverage and measuring.is_measured(self.project):
            arguments += measuring.arguments()
            environment = environment | measuring.environment(self.project)
        title = title or self.project.name
        return run(self.project, arguments, environment, title=title, is_alone=is_alone)

    def on_one_processor(self) -> Result:
        return self.start("--serial=without", is_alone=False)

    def on_all_processors(self) -> Result:
        workers = f"-n{WORKERS}"
        return self.start(workers, "--dist=loadfile", "--no-loadscope-reorder", "--serial=without")

    def serial(self) -> Result:
        return self.start("--serial=only", title=f"{self.project.name}, one by one")


def run_all(runs: Sequence[ProjectRun], *, one_by_one: bool, fast: bool) -> list[Result]:
    """Run small projects on one processor each, large ones on all, then the serial tests.

    With `fast`, every project runs on one processor: its few tests do not repay the start of more
    processes. A project without another beside it gets all processors.
    """
    if one_by_one:
        return [each.start() for each in runs]
    # Large ones first, as they take longest.
    ordered = sorted(runs, key=lambda each: not each.project.is_large)
    beside = [each for each in ordered if fast or not each.project.is_large]
    if len(beside) < 2:
        beside = []
    else:
        print(f"{len(beside)} projects run side by side; each prints when it ends.", flush=True)
    alone = [each for each in ordered if each not in beside]
    with ThreadPoolExecutor(WORKERS) as pool:
        results = list(pool.map(ProjectRun.on_one_processor, beside))
    results += [each.on_all_processors() for each in alone]
    return [
        merged(result, each.serial()) if result.numbers["left_serial"] else result
        for each, result in zip([*beside, *alone], results, strict=True)
    ]


@contextmanager
def migrated_databases() -> Iterator[Path]:
    """The folder of migrated databases: permanent for SQLite, temporary for PostgreSQL."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        yield KEPT
        return
    with tempfile.TemporaryDirectory(prefix="migrated-") as name:
        try:
            yield Path(name)
        finally:
            drop_templates(url, Path(name))


def migrate_ahead(projects: Sequence[Project], environment: dict[str, str]) -> None:
    """Migrate the projects' databases in parallel, each on one processor."""
    start = time.monotonic()

    def migrate(project: Project) -> None:
        settings = {"DJANGO_SETTINGS_MODULE": project.settings or "cms.settings.test"}
        subprocess.run(
            [sys.executable, "-m", "devtools.testing.migrated"],
            cwd=project.base,
            env=environment | settings,
            check=True,
        )

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(migrate, projects))
    print(f"== {len(projects)} databases migrated in {time.monotonic() - start:.0f} s", flush=True)


def summary(results: Sequence[Result], low: int) -> int:
    """Print a table and the summary line; returns the exit code."""
    passed = sum(result.passed for result in results)
    failed = sum(result.failed for result in results) + low
    width = max([len(result.project.name) for result in results], default=0)
    print(f"\n{'':{width}} passed failed skipped left out seconds")
    for result in results:
        numbers = result.numbers
        print(
            f"{result.project.name:{width}} {result.passed:6} {result.failed:6} "
            f"{numbers['skipped']:7} {numbers['deselected']:8} {result.seconds:7.0f}"
        )
    print(f"{passed} passed, {failed} failed", flush=True)
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
