"""Cursors of the change log: a number, and the moment of the entry that has it.

The moment tells whether the log still is the one that the cursor comes from. After a backup was
restored, its numbers are given out again. Nothing is secret in a cursor and nothing is gained by
making one up, so it is not signed, and outlives any key.
"""

from __future__ import annotations

import datetime
import re
from typing import Final, NamedTuple

#: Asks for the present end of the log.
NOW: Final = "now"
PATTERN = f"^({NOW}|[0-9]{{1,18}}-[0-9]{{1,17}})$"
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_MICROSECOND = datetime.timedelta(microseconds=1)


class Position(NamedTuple):
    """A place in the log, right behind an entry; 0 is the place before the first one ever."""

    sequence: int
    #: Microseconds since 1970 of when the entry was recorded.
    recorded: int

    @property
    def cursor(self) -> str:
        return f"{self.sequence}-{self.recorded}"


#: Of a log without entries.
START: Final = Position(0, 0)
#: The present end of the log, whatever it is.
END: Final = Position(-1, 0)


def position_of(sequence: int, recorded_at: datetime.datetime) -> Position:
    """The place behind the entry with this number and moment."""
    return Position(sequence, (recorded_at - _EPOCH) // _MICROSECOND)


def parse_position(text: str) -> Position:
    """The place that a cursor names; END for NOW. Raises ValueError."""
    if not re.fullmatch(PATTERN, text):
        raise ValueError(f"Must be the `next` of a previous response, or `{NOW}`.")
    if text == NOW:
        return END
    return Position(*map(int, text.split("-")))
