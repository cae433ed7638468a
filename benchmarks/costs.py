"""What one step costs."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Cost:
    """Seconds and queries of one step."""

    seconds: float
    queries: int


def cost_of(step: Callable[[], object]) -> Cost:
    """What `step` costs in this process."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    start = time.perf_counter()
    with CaptureQueriesContext(connection) as captured:
        step()
    return Cost(time.perf_counter() - start, len(captured))
