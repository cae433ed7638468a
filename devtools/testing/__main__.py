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
from pathlib import Path

from devtools.testing import measuring
from devtools.testing.projects import ROOT, Project, Selection, find_projects, selection
from devtools.testing.runs import Result, environment_for_tests, merged, run
from devtools.testing.templates import drop_templates

KEPT = ROOT / ".pytest_cache" / "migrated"
#: Processes at a time.
WORKERS = max(2, min(os.cpu_count() or 2, 8))


def main() -> int:
    # As with Ctrl-C: pytest ends too, and the templates are dropped.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
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
            environment |= measuring.start()
        results = [
            run_project(project, paths, wanted, options, environment)
            for project, paths in chosen.items()
        ]
    low = measuring.report() if options.coverage else 0
    return summary(results, low)


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


def run_project(
    project: Project,
    paths: list[str],
    wanted: Selection,
    options: argparse.Namespace,
    environment: dict[str, str],
) -> Result:
    """Run the parallel tests on all processors, then the serial ones one by one."""
    arguments = [*paths, *wanted.options]
    arguments += ["--fast"] if options.fast else []
    arguments += ["--only-database"] if options.only_database else []
    if options.coverage and measuring.is_measured(project, find_projects()):
        arguments += measuring.arguments()
    print(f"\n== {project.name}", flush=True)
    if wanted.is_small:
        return run(project, arguments, environment)
    workers = [f"-n{WORKERS}", "--dist=loadfile", "--no-loadscope-reorder", "--serial=without"]
    result = run(project, [*workers, *arguments], environment)
    if result.numbers["left_serial"]:
        print(f"\n== {project.name}, one by one", flush=True)
        result = merged(result, run(project, ["--serial=only", *arguments], environment))
    return result


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
