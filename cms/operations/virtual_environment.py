"""Make `.venv` and install the pinned packages, or do nothing where that has been done.

`make` runs this file with the machine's Python before anything is installed, so it uses the
standard library alone:  python3 -I cms/operations/virtual_environment.py [--dev]

What is installed is noted in `.venv/installed`. While packages are being installed the note is
empty; one that is found empty was left by an interrupted run, whose half-written packages nobody
can trust, and the folder is made again.
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
    """One sentence for the person at the terminal."""


def prepare(root: Path, requirements: str) -> bool:
    """Bring `root/.venv` to what the file `requirements` pins; whether anything had to be done.

    One process at a time does this; another waits. Raises `PreparationError` where this Python or
    the package index does not let us.
    """
    lock = os.open(root, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return _prepare(root, requirements)
    finally:
        os.close(lock)


def _prepare(root: Path, requirements: str) -> bool:
    folder = root / ".venv"
    note = folder / "installed"
    wanted = _wanted(root, requirements)
    noted = _noted(note)
    works = _works(folder)
    if noted is not None and wanted in noted and works:
        return False
    if folder.exists() and (noted == [] or not works):
        reason = "was not finished" if noted == [] else "does not work with this Python"
        print(f"{folder} {reason}; making it again.", flush=True)
        shutil.rmtree(folder)
    if not folder.exists():
        print(f"Making the virtual environment {folder} ...", flush=True)
        folder.mkdir()
        note.touch()
        _make(folder)
    print(f"Installing the packages of {requirements} (once; some minutes) ...", flush=True)
    note.write_text("", encoding="utf-8")
    _install(folder, root / requirements)
    # The runtime's pins are part of the development's, so both are satisfied now.
    note.write_text(f"{wanted}\n{_wanted(root, 'requirements.txt')}\n", encoding="utf-8")
    return True


def _wanted(root: Path, requirements: str) -> str:
    """The note of a finished installation: the file, a digest of all inputs, and the Python.

    The file installs the plugins from their folders, so their metadata and build are inputs too.
    """
    plugins = (root / "plugins").glob("*/*")
    builds = sorted(path for path in plugins if path.name in ("pyproject.toml", "hatch_build.py"))
    digest = hashlib.sha256()
    for path in (root / requirements, *builds):
        digest.update(path.read_bytes())
    return f"{requirements} {digest.hexdigest()} {sys.implementation.cache_tag}"


def _noted(note: Path) -> list[str] | None:
    """The note's lines, or None where there is none: a folder that somebody else made."""
    return note.read_text(encoding="utf-8").splitlines() if note.exists() else None


def _python(folder: Path) -> Path:
    return folder / "bin" / "python"


def _works(folder: Path) -> bool:
    """Whether the folder's Python runs, is of our version, and has pip."""
    check = "import pip, sys; print(sys.implementation.cache_tag)"
    try:
        answer = subprocess.run(
            [_python(folder), "-I", "-c", check], capture_output=True, text=True, check=False
        )
    except OSError:
        return False
    return answer.returncode == 0 and answer.stdout.strip() == sys.implementation.cache_tag


def _make(folder: Path) -> None:
    # Not through a virtual environment that may be active now: the new one would hang on it.
    python = getattr(sys, "_base_executable", None) or sys.executable
    made = subprocess.run(
        [python, "-I", "-m", "venv", folder], capture_output=True, text=True, check=False
    )
    if made.returncode != 0:
        shutil.rmtree(folder, ignore_errors=True)
        if "ensurepip" in made.stdout + made.stderr:
            package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
            raise PreparationError(
                f"This Python has no `venv` with pip; on Debian and Ubuntu, install {package}."
            )
        reason = (made.stderr.strip() or made.stdout.strip() or "no reason given").splitlines()[-1]
        raise PreparationError(f"The virtual environment {folder} could not be made: {reason}")


def _install(folder: Path, requirements: Path) -> None:
    installed = subprocess.run(
        [
            *(_python(folder), "-m", "pip", "install", "--quiet"),
            *("--disable-pip-version-check", "--requirement", requirements),
        ],
        # pip resolves the plugins' folders from where it runs.
        cwd=requirements.parent,
        check=False,
    )
    if installed.returncode != 0:
        raise PreparationError(
            f"The packages of {requirements.name} could not be installed; pip says why above."
        )


if __name__ == "__main__":
    try:
        prepare(ROOT, "requirements-dev.txt" if "--dev" in sys.argv[1:] else "requirements.txt")
    except PreparationError as failure:
        sys.exit(str(failure))
    except KeyboardInterrupt:
        sys.exit("Interrupted; the next run does the rest.")
