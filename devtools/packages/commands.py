"""Runs programs and reports only those that fail."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path


class CheckError(Exception):
    """A check failed; the message is for the person at the terminal."""


def run(
    arguments: Sequence[str | Path],
    *,
    cwd: Path,
    environment: Mapping[str, str] | None = None,
) -> str:
    """Run a program in `cwd` and return its standard output.

    Raises CheckError, with all of its output, if it exits with another status than 0.
    """
    done = subprocess.run(
        [*arguments],
        cwd=cwd,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        command = " ".join(map(str, arguments))
        raise CheckError(f"{command}\nexits with {done.returncode}:\n{done.stdout}")
    return done.stdout
