"""What the memory reads of the change log, and of what expires."""
# ruff: noqa: S608 - see `api.queries`

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import NamedTuple

from wagtail_delivery.api.queries import connection as queries
from wagtail_delivery.api.queries.connection import CHANGES, DOCUMENTS, SEQUENCE, moment
from wagtail_delivery.identifiers import PAGES, SITE
from wagtail_delivery.models import Change
from wagtail_delivery.serving.kept_answers import Expiry
from wagtail_delivery.surrogate_keys import RESOLVED, keys_of_change

#: Entries that are read at once. Whoever has missed more begins anew.
MOST_ENTRIES = 1000
#: A site is known by its document, and addresses are found by the sites' names.
OF_SITES = (PAGES, RESOLVED)


class Entry(NamedTuple):
    """What an entry of the log means to the memory."""

    sequence: int
    recorded_at: datetime.datetime
    action: str
    keys: tuple[str, ...]
    expires_at: datetime.datetime | None

    def expiries(self) -> list[Expiry]:
        """When what it published expires."""
        if self.expires_at is None or self.action != Change.UPSERT:
            return []
        return [Expiry(self.expires_at.timestamp(), self.keys)]


class Part(NamedTuple):
    """The number of the log, and its entries from a given number on."""

    sequence: int
    entries: list[Entry]


def entries_from(sequence: int) -> Part:
    """The number of the log, and its first entries from `sequence` on, in one statement."""
    rows = queries.rows(
        "SELECT s.sequence, e.sequence, e.recorded_at, e.action, e.collection, e.surrogate_keys, "
        f"e.expires_at FROM {SEQUENCE} s LEFT JOIN {CHANGES} e ON e.sequence >= %s "
        f"ORDER BY e.sequence LIMIT {MOST_ENTRIES + 2:d}",
        [sequence],
    )
    return Part(int(rows[0][0]), list(_entries(rows)))


def _entries(rows: list[tuple[object, ...]]) -> Iterator[Entry]:
    for _number, sequence, recorded_at, action, collection, keys, expires_at in rows:
        if sequence is None:
            continue
        recorded = moment(recorded_at)  # type: ignore[arg-type]
        assert recorded is not None
        yield Entry(
            int(str(sequence)),
            recorded,
            str(action),
            (*str(keys).split(), *(OF_SITES if collection == SITE else ())),
            moment(expires_at),  # type: ignore[arg-type]
        )


def expiries() -> list[Expiry]:
    """When each document that expires does; a publish after this is in the log."""
    rows = queries.rows(
        "SELECT collection, resource_id, slug, path, expires_at "
        f"FROM {DOCUMENTS} WHERE expires_at IS NOT NULL",
        [],
    )
    return [
        Expiry(at.timestamp(), tuple(keys_of_change(name, [key, slug], [path], is_removed=True)))
        for name, key, slug, path, expires_at in rows
        if (at := moment(expires_at)) is not None
    ]
