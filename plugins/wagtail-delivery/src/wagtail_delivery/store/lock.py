"""One lock for all publishing."""

from __future__ import annotations

from django.db import connection

#: Any number that no other code locks on; one lock for all publishing.
PUBLISH_LOCK = 0x48454144


def lock_publishing() -> None:
    """Let one transaction at a time write content, compile and log, until it ends.

    So the change log's sequence grows in the order of commits, and a document that is being made
    cannot miss a change that another transaction makes meanwhile. SQLite has one writer anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [PUBLISH_LOCK])
