"""The daily e-mail about translations, sent by the server itself for installations without cron."""

from __future__ import annotations

import logging
from datetime import date

from django.core.management import call_command
from django.db import connections
from django.utils import timezone

logger = logging.getLogger(__name__)

#: Seconds between two looks at the clock.
INTERVAL = 300.0


class DailyDigest:
    """A job for the scheduler: once a day, from an hour of local time on, it sends the e-mails.

    A server that starts later in the day sends them then. Nobody gets two: the command remembers.
    """

    def __init__(self, hour: int) -> None:
        self.hour = hour
        self.sent_on: date | None = None

    def __call__(self) -> bool:
        now = timezone.localtime()
        if now.hour < self.hour or self.sent_on == now.date():
            return False
        try:
            call_command("translation_digest")
            self.sent_on = now.date()
        except Exception:
            logger.exception("The e-mails about translations failed; the next attempt follows.")
        finally:
            connections.close_all()
        return False
