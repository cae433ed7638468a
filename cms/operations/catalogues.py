"""Compile message catalogues (.po to .mo) without the gettext programs.

`make run` and `make test` run this module before Django starts: python -m cms.operations.catalogues
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[2]


class CatalogueError(Exception):
    """A catalogue cannot be compiled; the message names the file and, if known, the line."""


def catalogues(root: Path) -> Iterator[Path]:
    """Every catalogue below `root`: the product's, its plugins', and those of other packages."""
    yield from sorted(root.glob("locale/*/LC_MESSAGES/*.po"))
    yield from sorted(root.glob("plugins/*/src/**/locale/*/LC_MESSAGES/*.po"))
    yield from sorted(root.glob("locale/packages/*/**/locale/*/LC_MESSAGES/*.po"))


def compile_changed(root: Path) -> list[Path]:
    """Compile the catalogues that are newer than their compiled files, and return them.

    Raises `CatalogueError` for the first one that cannot be read or written.
    """
    return [path for path in catalogues(root) if not _is_current(path) and _compile(path)]


def _is_current(path: Path) -> bool:
    compiled = path.with_suffix(".mo")
    return compiled.exists() and compiled.stat().st_mtime >= path.stat().st_mtime


def _compile(path: Path) -> Path:
    scratch = path.with_suffix(f".{os.getpid()}.mo")
    try:
        polib.pofile(str(path)).save_as_mofile(str(scratch))
        scratch.replace(path.with_suffix(".mo"))
    except (OSError, UnicodeDecodeError) as problem:
        scratch.unlink(missing_ok=True)
        raise CatalogueError(f"The catalogue {path} cannot be compiled: {problem}") from problem
    return path


if __name__ == "__main__":
    try:
        for changed in compile_changed(ROOT):
            print(f"Compiled {changed.relative_to(ROOT)}")
    except CatalogueError as error:
        sys.exit(str(error))
