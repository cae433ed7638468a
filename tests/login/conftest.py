from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest


@pytest.fixture
def limits(settings: Any) -> None:
    """Limits that are reached with few failures."""
    settings.AXES_FAILURE_LIMIT = 4
    settings.LOGIN_FAILURES_PER_ADDRESS = 6
    settings.AXES_COOLOFF_TIME = timedelta(minutes=15)
