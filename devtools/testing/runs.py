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


def run(project: Project, arguments: Sequence[str], environment: dict[str, str]) -> Result:
    """Run pytest with `arguments`; its output goes to the terminal."""
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="test-report-") as folder:
        report = Path(folder) / "report.json"
        plugin = ["-p", "devtools.testing.pytest_plugin", f"--report-to={report}"]
        command = [sys.executable, "-m", "pytest", *plugin, *project.arguments, *arguments]
        done = subprocess.run(command, cwd=project.base, env=environment, check=False)
        numbers = json.loads(report.read_text()) if report.exists() else {}
    return Result(project, time.monotonic() - start, Counter(numbers), [done.returncode])


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
