"""Waiting for the next change: on PostgreSQL until the database tells of one, else for a moment.

A trigger notifies of each transaction with entries of the change log. Nothing depends on it but
how soon the memory looks: a replica cannot notify, and a pooler of transactions loses the session.
"""

from __future__ import annotations

import select
import threading
from typing import Any

from django.db import Error

#: As in the migration that creates the trigger.
CHANNEL = "wagtail_delivery_changes"


class Listener:
    """Waits on one connection of Django."""

    def __init__(self, connection: Any, stopping: threading.Event) -> None:
        self._connection = connection
        self._stopping = stopping
        #: The driver's connection that listens, or was found unable to.
        self._asked: Any = None
        self._listens = False
        self._was_told = False

    def listen(self) -> None:
        """Begin to listen on a new connection, if it can; before the log is read."""
        connection = self._connection
        if connection.connection is None:
            connection.ensure_connection()
        if self._asked is connection.connection:
            return
        self._asked, self._listens = connection.connection, False
        if connection.vendor != "postgresql" or not connection.get_autocommit():
            return
        if connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS"):
            return
        try:
            with connection.cursor() as cursor:
                cursor.execute(f"LISTEN {CHANNEL}")
        except Error:
            # On a replica.
            return
        if hasattr(self._asked, "add_notify_handler"):
            self._asked.add_notify_handler(self._note)
        self._listens = True

    def wait(self, seconds: float) -> None:
        """Return when there may be a change, and at the latest after `seconds`."""
        if not self._listens:
            self._stopping.wait(seconds)
            return
        if self._was_told_before():
            return
        select.select([self._asked.fileno()], [], [], seconds)

    def _was_told_before(self) -> bool:
        """Whether a notification came with the answer to the last query."""
        told = self._was_told
        self._was_told = False
        # psycopg2 collects them, psycopg 3 calls `_note`.
        notifications = getattr(self._asked, "notifies", None)
        if isinstance(notifications, list) and notifications:
            notifications.clear()
            told = True
        return told

    def _note(self, notification: Any) -> None:
        self._was_told = True
