"""Coverage of the plugins, over their own tests.

Each `pyproject.toml` that configures coverage.py names the folders to measure and their floor.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

from devtools.testing.projects import ROOT, Project

#: One file for each measured project.
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


def is_measured(project: Project) -> bool:
    """Whether to measure while `project` runs: measuring doubles the time of its tests.

    The plugins' own tests cover them.
    """
    return project.base != ROOT and project.runs_all


def start() -> None:
    """Delete earlier measurements."""
    shutil.rmtree(DATA, ignore_errors=True)
    DATA.mkdir(parents=True)


def environment(project: Project) -> dict[str, str]:
    """The variable that gives the project a file of its own, as projects run at the same time."""
    return {"COVERAGE_FILE": str(DATA / re.sub(r"\W+", "-", project.name))}


def arguments() -> list[str]:
    """Pytest's arguments for adding to the project's measurement."""
    folders = [folder for found in measured().values() for folder in found]
    config = f"--cov-config={ROOT / 'pyproject.toml'}"
    append = ["--cov-append", "--cov-report=", "--cov-fail-under=0"]
    return [*(f"--cov={folder}" for folder in folders), config, *append]


def report() -> int:
    """Print the coverage; returns the number of configurations below their floor."""
    combined = DATA / "all"
    coverage = [sys.executable, "-m", "coverage"]
    subprocess.run(
        [*coverage, "combine", "--quiet", f"--data-file={combined}", *DATA.iterdir()],
        cwd=ROOT,
        check=True,
    )
    low = 0
    for config, folders in measured().items():
        include = ",".join(f"{folder}/*" for folder in folders)
        command = [*coverage, "report", f"--rcfile={config}", f"--data-file={combined}"]
        done = subprocess.run(
            [*command, f"--include={include}", "--skip-covered"],
            cwd=ROOT,
            check=False,
        )
        low += done.returncode != 0
    return low
