"""How far a long command is: a bar on a terminal, and lines elsewhere."""

from __future__ import annotations

import time

from django.core.management.base import OutputWrapper

WIDTH = 30
#: Seconds between two lines where there is no terminal.
LINES = 5.0


class ProgressBar:
    """Tells on `stream` how many of a number of things are done, and how long the rest takes."""

    def __init__(self, stream: OutputWrapper) -> None:
        self._stream = stream
        self._is_terminal = stream.isatty()
        self._begin = self._told = time.monotonic()

    def show(self, done: int, total: int, note: str = "") -> None:
        """Show that `done` of `total` are done; `note` follows on the line."""
        now = time.monotonic()
        if not self._is_terminal and done < total and now - self._told < LINES:
            return
        self._told = now
        left = (now - self._begin) / done * (total - done) if done else 0.0
        text = f"{done:,} of {total:,}{note}, about {left:.0f} s left"
        if self._is_terminal:
            filled = WIDTH * done // total if total else WIDTH
            # "K" clears what is left of a longer line.
            self._stream.write(
                f"\r[{'#' * filled}{'.' * (WIDTH - filled)}] {text}\x1b[K", ending=""
            )
        else:
            self._stream.write(text)
        self._stream.flush()

    def close(self) -> None:
        """End the line of the bar."""
        if self._is_terminal:
            self._stream.write("")
