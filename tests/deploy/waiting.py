"""Waiting for what follows by itself."""

from __future__ import annotations

import time
from collections.abc import Callable

from tests.deploy.programs import LONG


def eventually(holds: Callable[[], bool]) -> None:
    """Returns once `holds()`, and fails if that takes too long."""
    deadline = time.monotonic() + LONG
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.1)
