"""Callbacks on commit in tests: they run as in life, although the test's transaction never ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.transaction import Atomic

leave_block = Atomic.__exit__
wait_for_commit = BaseDatabaseWrapper.on_commit


@contextmanager
def run_on_commit() -> Iterator[None]:
    """Run callbacks where the code's outermost block ends, or at once without such a block."""

    def leave(self: Atomic, exc_type: Any, exc_value: Any, traceback: Any) -> None:
        leave_block(self, exc_type, exc_value, traceback)
        if connection.in_atomic_block and is_outside_blocks():
            callbacks, connection.run_on_commit = connection.run_on_commit, []
            for _, callback, _ in callbacks:
                callback()

    def on_commit(
        self: BaseDatabaseWrapper, callback: Callable[[], object], robust: bool = False
    ) -> None:
        if self.in_atomic_block and is_outside_blocks():
            callback()
        else:
            wait_for_commit(self, callback, robust)

    with (
        mock.patch.object(Atomic, "__exit__", leave),
        mock.patch.object(BaseDatabaseWrapper, "on_commit", on_commit),
    ):
        yield


def is_outside_blocks() -> bool:
    """Whether every open block is a test's own."""
    return all(getattr(block, "_from_testcase", False) for block in connection.atomic_blocks)
