"""Run code in separate processes on the test's database."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable
from typing import Any

from django.db import connection


def in_process(work: Callable[[], None]) -> int:
    """Start `work` in a new process; returns its process id.

    The process exits with 0, or with 1 and a traceback if `work` raises.
    """
    connection.close()  # two processes cannot share a connection
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        work()
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def outcome(pid: int) -> int:
    """Wait for a process; returns its exit code, or minus the signal that ended it."""
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status)


class Killed:
    """Kills its own process right before a database statement."""

    def __init__(self, at: int) -> None:
        self.at = at
        self.seen = 0

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        self.seen += 1
        if self.seen == self.at:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)
