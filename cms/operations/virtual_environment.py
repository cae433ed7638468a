"""Create `.venv` and install the pinned packages, unless that has been done.

`make` runs this file with the machine's Python before anything is installed, so it uses only the
standard library:  python3 -I cms/operations/virtual_environment.py [--dev]

The stamp `.venv/installed` records what is installed. It is empty during an installation. An empty
stamp at the start means that an earlier run was interrupted and may have left half-written
packages, so the folder is created again.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class PreparationError(Exception):
    """The environment cannot be prepared; the message is one sentence for the terminal."""


def prepare(root: Path, requirements: str) -> bool:
    """Install the file `requirements` into `root/.venv`; return whether there was anything to do.

    One process at a time does this; others wait. Raises `PreparationError` if Python cannot create
    the environment or pip cannot install the packages.
    """
    lock = os.open(root, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return _prepare(root, requirements)
    finally:
        os.close(lock)


def _prepare(root: Path, requirements: str) -> bool:
    folder = root / ".venv"
    stamp = folder / "installed"
    wanted = _entry(root, requirements)
    installed = _installed(stamp)
    works = _works(folder)
    if installed is not None and wanted in installed and works:
        return False
    if folder.exists() and (installed == [] or not works):
        reason = "is incomplete" if installed == [] else "does not work with this Python"
        print(f"{folder} {reason}; creating it again.", flush=True)
        shutil.rmtree(folder)
    if not folder.exists():
        print(f"Creating the virtual environment {folder} ...", flush=True)
        folder.mkdir()
        stamp.touch()
        _create(folder)
    print(f"Installing the packages in {requirements} (once; a few minutes) ...", flush=True)
    stamp.write_text("", encoding="utf-8")
    _install(folder, root / requirements)
    # The development requirements include the runtime's, so both are satisfied now.
    stamp.write_text(f"{wanted}\n{_entry(root, 'requirements.txt')}\n", encoding="utf-8")
    return True


def _entry(root: Path, requirements: str) -> str:
    """The stamp's line for an installed file: its name, a digest of all inputs and the Python.

    The file installs the plugins from their folders, so their metadata and build are inputs too.
    """
    plugins = (root / "plugins").glob("*/*")
    builds = sorted(path for path in plugins if path.name in ("pyproject.toml", "hatch_build.py"))
    digest = hashlib.sha256()
    for path in (root / requirements, *builds):
        digest.update(path.read_bytes())
    return f"{requirements} {digest.hexdigest()} {sys.implementation.cache_tag}"


def _installed(stamp: Path) -> list[str] | None:
    """The stamp's lines, or None without a stamp: another program created the folder."""
    return stamp.read_text(encoding="utf-8").splitlines() if stamp.exists() else None


def _python(folder: Path) -> Path:
    return folder / "bin" / "python"


def _works(folder: Path) -> bool:
    """Whether the folder's Python runs, has this Python's version, and has pip."""
    check = "import pip, sys; print(sys.implementation.cache_tag)"
    try:
        answer = subprocess.run(
            [_python(folder), "-I", "-c", check], capture_output=True, text=True, check=False
        )
    except OSError:
        return False
    return answer.returncode == 0 and answer.stdout.strip() == sys.implementation.cache_tag


def _create(folder: Path) -> None:
    # The base Python: an environment created by another environment would depend on it.
    python = getattr(sys, "_base_executable", None) or sys.executable
    created = subprocess.run(
        [python, "-I", "-m", "venv", folder], capture_output=True, text=True, check=False
    )
    if created.returncode != 0:
        shutil.rmtree(folder, ignore_errors=True)
        if "ensurepip" in created.stdout + created.stderr:
            package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
            raise PreparationError(
                f"This Python has no `venv` with pip; on Debian and Ubuntu, install {package}."
            )
        reason = (
            created.stderr.strip() or created.stdout.strip() or "no reason given"
        ).splitlines()[-1]
        raise PreparationError(f"Cannot create the virtual environment {folder}: {reason}")


def _install(folder: Path, requirements: Path) -> None:
    # Python compiles a module at its first import, and most are never imported.
    installed = subprocess.run(
        [
            *(_python(folder), "-m", "pip", "install", "--quiet", "--no-compile"),
            *("--disable-pip-version-check", "--requirement", requirements),
        ],
        # pip resolves the plugins' folders from where it runs.
        cwd=requirements.parent,
        check=False,
    )
    if installed.returncode != 0:
        raise PreparationError(
            f"Cannot install the packages in {requirements.name}; see pip's message above."
        )


if __name__ == "__main__":
    try:
        prepare(ROOT, "requirements-dev.txt" if "--dev" in sys.argv[1:] else "requirements.txt")
    except PreparationError as failure:
        sys.exit(str(failure))
    except KeyboardInterrupt:
        sys.exit("Interrupted; run it again to continue.")
