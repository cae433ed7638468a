"""One lock for all publishing."""

from __future__ import annotations

from django.db import connection

#: Any number that no other code locks on; one lock for all publishing.
PUBLISH_LOCK = 0x48454144


def lock_publishing() -> None:
    """Wait for the publishing lock, and hold it until the current transaction ends.

    One transaction at a time writes content, compiles and logs. So the change log's sequence grows
    in the order of commits, and a document that is being compiled cannot miss a concurrent change.
    SQLite has only one writer anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [PUBLISH_LOCK])
