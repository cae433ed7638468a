"""The test projects of the repository: the product's and those of each plugin.

A folder of tests with its own settings is a separate project, one for each of its `settings*.py`. A
plugin's project runs from the plugin's folder with the plugin's configuration.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
#: Options of pytest whose value is the next argument.
WITH_VALUE = {"-k", "-m", "-n", "-p", "-W", "-o", "-c", "-r", "--ds", "--maxfail"}
#: The number of test files from which a project is large.
LARGE = 24
#: Prints the database engine of the settings named by the argument.
PRINT_ENGINE = (
    "import importlib, sys; "
    "print(importlib.import_module(sys.argv[1]).DATABASES['default']['ENGINE'])"
)


@dataclass(frozen=True)
class Project:
    """Tests that run with the same settings."""

    name: str
    #: Pytest's working directory.
    base: Path
    tests: Path
    #: Django's settings module; empty if pytest's configuration names it.
    settings: str = ""

    @property
    def arguments(self) -> list[str]:
        return [f"--ds={self.settings}"] if self.settings else []

    @property
    def runs_all(self) -> bool:
        """Whether this is the last project of its folder; earlier ones run part of its tests."""
        modules = sorted(path.stem for path in self.tests.glob("settings*.py"))
        return not modules or self.settings.endswith(f".{modules[-1]}")

    @property
    def is_large(self) -> bool:
        """Whether the tests are worth the start of a process on each processor."""
        return self.runs_all and len([*self.tests.rglob("test_*.py")]) >= LARGE

    @property
    def follows_database_url(self) -> bool:
        """Whether the settings take the database from `DATABASE_URL`; imports them to see."""
        if not self.settings:
            return True
        done = subprocess.run(
            [sys.executable, "-c", PRINT_ENGINE, self.settings],
            cwd=self.base,
            env=os.environ | {"DATABASE_URL": "postgres://localhost/any"},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip().endswith("postgresql")


def find_projects(root: Path = ROOT) -> list[Project]:
    """All projects, the plugins' first."""
    bases = [folder.parent for folder in sorted(root.glob("plugins/*/tests"))]
    found = [project for base in (*bases, root) for project in own_projects(base, root)]
    return [*found, Project("product", root, root / "tests")]


def own_projects(base: Path, root: Path) -> list[Project]:
    """The projects of the folders below `base/tests` that have settings."""
    found = []
    for path in sorted(base.glob("tests/**/settings*.py")):
        module = ".".join(path.relative_to(base).with_suffix("").parts)
        name = module if base == root else f"{base.name}: {module}"
        found.append(Project(name, base, path.parent, module))
    return found


@dataclass(frozen=True)
class Selection:
    """Arguments for pytest: its options, and paths with the node ids after `::`."""

    options: tuple[str, ...] = ()
    paths: tuple[tuple[Path, str], ...] = ()

    @property
    def is_small(self) -> bool:
        """Whether only single files are selected."""
        return bool(self.paths) and not any(path.is_dir() for path, _ in self.paths)

    def within(self, project: Project, others: Sequence[Project]) -> list[str] | None:
        """The paths for `project`, or None if none of its tests are selected."""
        if not self.paths:
            return [str(project.tests)]
        found = []
        for path, node in self.paths:
            if project.tests.is_relative_to(path):
                found.append(str(project.tests))
            elif home_of(path, others) == project.tests:
                found.append(f"{path}{node}")
        return found or None


def home_of(path: Path, projects: Sequence[Project]) -> Path | None:
    """The innermost folder of tests that contains `path`."""
    homes = {project.tests for project in projects if path.is_relative_to(project.tests)}
    return max(homes, key=lambda home: len(home.parts), default=None)


def selection(words: str, root: Path = ROOT) -> Selection:
    """Parse `ARGS` of the command line."""
    options: list[str] = []
    paths = []
    for word in shlex.split(words):
        name, separator, node = word.partition("::")
        is_value = bool(options) and options[-1] in WITH_VALUE
        if not word.startswith("-") and not is_value and (root / name).exists():
            paths.append(((root / name).resolve(), separator + node))
        else:
            options.append(word)
    return Selection(tuple(options), tuple(paths))
