"""The query for the change log."""
# ruff: noqa: S608 - see `queries`

from __future__ import annotations

import datetime
import json
from typing import Any, NamedTuple

from wagtail_delivery.api.queries import connection as queries
from wagtail_delivery.api.queries.connection import CHANGES, SEQUENCE, moment


class Entry(NamedTuple):
    """An entry of the change log; see `models.Change`."""

    sequence: int
    action: str
    collection: str
    resource_id: str
    locale: str
    type: str
    site: str
    path: str
    #: Each as site and path.
    paths_before: list[list[str]]
    etag: str
    surrogate_keys: list[str]
    expires_at: datetime.datetime | None
    recorded_at: datetime.datetime


_COLUMNS = ", ".join(f"e.{name}" for name in Entry._fields)


def entries_from(sequence: int, limit: int) -> list[Entry]:
    """At most `limit` entries in order, from the one with number `sequence` on if it is there."""
    rows = queries.rows_at_sequence(
        f"SELECT s.sequence, {_COLUMNS} FROM {SEQUENCE} s "
        f"LEFT JOIN {CHANGES} e ON e.sequence >= %s ORDER BY e.sequence LIMIT {limit:d}",
        [sequence],
    )
    return [_entry(Entry(*row)) for row in rows if row[0] is not None]


def last_entry() -> Entry | None:
    """The last entry; None if nothing was ever recorded."""
    rows = queries.rows_at_sequence(
        f"SELECT s.sequence, {_COLUMNS} FROM {SEQUENCE} s "
        f"LEFT JOIN {CHANGES} e ON e.sequence = s.sequence",
        [],
    )
    return next((_entry(Entry(*row)) for row in rows if row[0] is not None), None)


def _entry(row: Any) -> Entry:
    """An entry from the columns as the drivers give them."""
    found: Entry = row._replace(
        paths_before=json.loads(row.paths_before),
        surrogate_keys=row.surrogate_keys.split(),
        expires_at=moment(row.expires_at),
        recorded_at=moment(row.recorded_at),
    )
    return found
