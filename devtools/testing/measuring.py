"""Coverage of the plugins, over their own tests.

Each `pyproject.toml` that configures coverage.py names the folders to measure and their floor.
"""

from __future__ import annotations

import subprocess
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

from devtools.testing.projects import ROOT, Project

DATA = ROOT / "build" / "coverage"


def measured(root: Path = ROOT) -> dict[Path, list[Path]]:
    """The folders that each configuration measures."""
    found = {}
    for file in (root / "pyproject.toml", *sorted(root.glob("plugins/*/pyproject.toml"))):
        tools = tomllib.loads(file.read_text(encoding="utf-8")).get("tool", {})
        folders = tools.get("coverage", {}).get("run", {}).get("source", [])
        if folders:
            found[file] = [file.parent / folder for folder in folders]
    return found


def is_measured(project: Project, projects: Sequence[Project]) -> bool:
    """Whether to measure while `project` runs: measuring doubles the time of its tests.

    The plugins' own tests cover them. Projects of one folder run mostly the same tests, so only the
    last of them is measured.
    """
    same = [other for other in projects if other.tests == project.tests]
    return project.base != ROOT and project == same[-1]


def start() -> dict[str, str]:
    """Delete earlier measurements; returns the environment variables for pytest's processes."""
    DATA.parent.mkdir(exist_ok=True)
    DATA.unlink(missing_ok=True)
    return {"COVERAGE_FILE": str(DATA)}


def arguments() -> list[str]:
    """Pytest's arguments for adding to the measurement."""
    folders = [folder for found in measured().values() for folder in found]
    config = f"--cov-config={ROOT / 'pyproject.toml'}"
    append = ["--cov-append", "--cov-report=", "--cov-fail-under=0"]
    return [*(f"--cov={folder}" for folder in folders), config, *append]


def report() -> int:
    """Print the coverage; returns the number of configurations below their floor."""
    low = 0
    for config, folders in measured().items():
        include = ",".join(f"{folder}/*" for folder in folders)
        command = [sys.executable, "-m", "coverage", "report", f"--rcfile={config}"]
        done = subprocess.run(
            [*command, f"--data-file={DATA}", f"--include={include}", "--skip-covered"],
            cwd=ROOT,
            check=False,
        )
        low += done.returncode != 0
    return low
