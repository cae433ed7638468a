"""The files of processes that have ended, added up in one.

Their counts must stay: a sum that falls looks to Prometheus as if everything had been counted anew.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

#: In place of a process id; no process has it.
ENDED = 0


@contextmanager
def settled_files(folder: Path) -> Iterator[None]:
    """A block in which the files in `folder` are those of live processes, and one of all others."""
    with (folder / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for path in sorted(folder.glob("*_*.db")):
            kind, _, process = path.stem.rpartition("_")
            if kind.startswith("gauge_live") and process.isdigit() and _has_ended(int(process)):
                path.unlink()
            # Other gauges, which a project may have here, cannot be added up.
            if kind in ("counter", "histogram") and process.isdigit() and _has_ended(int(process)):
                _add(path, folder / f"{kind}_{ENDED}.db")
                path.unlink()
        yield


def _add(path: Path, total: Path) -> None:
    library: Any = import_module("prometheus_client.mmap_dict")
    sums = library.MmapedDict(str(total))
    try:
        counted = library.MmapedDict.read_all_values_from_file(str(path))
        for key, value, _timestamp, _position in counted:
            before, _ = sums.read_value(key)
            sums.write_value(key, before + value, 0.0)
    finally:
        sums.close()


def _has_ended(process: int) -> bool:
    if process == ENDED:
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
