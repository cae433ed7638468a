"""Waits between attempts, which grow with each one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class GrowingWait:
    """How long something waits for its next attempt."""

    first: timedelta
    #: How many times as long as the last one each wait is.
    growth: int
    longest: timedelta

    def after(self, attempts: int) -> timedelta:
        """The wait after so many attempts, one at least."""
        # Grown further, it would be no moment of the calendar.
        grown: timedelta = self.first * self.growth ** min(attempts - 1, 10)
        return min(grown, self.longest)
