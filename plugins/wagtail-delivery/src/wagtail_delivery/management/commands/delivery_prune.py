"""`manage.py delivery_prune`: remove old entries of the change log."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from wagtail_delivery.conf import delivery_settings
from wagtail_delivery.store.change_log import prune


class Command(BaseCommand):
    help = (
        "Removes the entries of the change log that are older than CHANGES_KEPT_DAYS. Who has not "
        "read them yet is told to start again. Run it once a day."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        days = delivery_settings().CHANGES_KEPT_DAYS
        removed = prune(timezone.now() - datetime.timedelta(days=days)) if days else 0
        if options["verbosity"] > 0:
            self.stdout.write(f"{removed} entries removed.")
