"""One pytest process for one project, and its result."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from devtools.testing.projects import ROOT, Project

#: Exit codes of pytest: all passed, and no test was selected.
PASSED, NO_TESTS = 0, 5


@dataclass
class Result:
    """The result of one project, over all its processes."""

    project: Project
    seconds: float = 0
    numbers: Counter[str] = field(default_factory=Counter)
    codes: list[int] = field(default_factory=list)

    @property
    def passed(self) -> int:
        return self.numbers["passed"] + self.numbers["xfailed"]

    @property
    def failed(self) -> int:
        """Failures and errors; at least one if a process failed without reporting a test."""
        known = self.numbers["failed"] + self.numbers["error"] + self.numbers["xpassed"]
        broke = any(code not in (PASSED, NO_TESTS) for code in self.codes)
        return max(known, int(broke))


#: The processes of pytest that run now.
_running: set[subprocess.Popen[str]] = set()


def run(
    project: Project,
    arguments: Sequence[str],
    environment: dict[str, str],
    *,
    title: str,
    is_alone: bool = True,
) -> Result:
    """Run pytest with `arguments`; returns its result.

    Its output goes to the terminal below `title`: at once, or at the end if it is not alone.
    """
    start = time.monotonic()
    if is_alone:
        print(f"\n== {title}", flush=True)
    with tempfile.TemporaryDirectory(prefix="test-report-") as folder:
        report = Path(folder) / "report.json"
        plugin = ["-p", "devtools.testing.pytest_plugin", f"--report-to={report}"]
        command = [sys.executable, "-m", "pytest", *plugin, *project.arguments, *arguments]
        with subprocess.Popen(
            command,
            cwd=project.base,
            env=environment,
            stdout=None if is_alone else subprocess.PIPE,
            stderr=None if is_alone else subprocess.STDOUT,
            text=True,
        ) as process:
            _running.add(process)
            output, _ = process.communicate()
        _running.discard(process)
        numbers = json.loads(report.read_text()) if report.exists() else {}
    if not is_alone:
        print(f"\n== {title}\n{output}", end="", flush=True)
    return Result(project, time.monotonic() - start, Counter(numbers), [process.returncode])


def end_all() -> None:
    """Ask each running pytest to end."""
    for process in list(_running):
        process.terminate()


def merged(first: Result, second: Result) -> Result:
    """Combine two runs of the same project."""
    return Result(
        first.project,
        first.seconds + second.seconds,
        first.numbers + second.numbers,
        first.codes + second.codes,
    )


def environment_for_tests(migrated: Path) -> dict[str, str]:
    """The environment for pytest in any folder, based on this process's own."""
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    # A crash of the server would lose only test databases.
    postgres = f"{os.environ.get('PGOPTIONS', '')} -c synchronous_commit=off".strip()
    return {
        **os.environ,
        "PYTHONPATH": path,
        "PGOPTIONS": postgres,
        "MIGRATED_DATABASES": str(migrated),
    }
