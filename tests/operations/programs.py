"""Run the project's programs as a user at a terminal does, in a known environment."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from cms.settings.environment import VARIABLES

ROOT = Path(__file__).resolve().parents[2]


def environment(data_folder: Path, **variables: str) -> dict[str, str]:
    """This process's environment; of the variables that the project reads, only `variables`."""
    # Output is buffered, as it usually is when it goes to a file.
    dropped = {*VARIABLES, "PYTHONUNBUFFERED"}
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    return kept | {"DATA_DIR": str(data_folder)} | variables


def manage(
    *arguments: str, data_folder: Path, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run manage.py until it exits, at most three minutes."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment(data_folder, **variables),
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
