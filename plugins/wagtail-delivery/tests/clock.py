"""A fixed time for tests."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.utils import timezone


@contextmanager
def time_is(moment: datetime.datetime) -> Iterator[None]:
    """Stop Django's clock at `moment` within this block."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timezone, "now", lambda: moment)
        yield
