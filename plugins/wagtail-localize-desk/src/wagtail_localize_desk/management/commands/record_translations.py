"""Record translations that are older than the plugin."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from wagtail_localize_desk.older_translations import record_older_translations


class Command(BaseCommand):
    help = (
        "Records the strings of all translations, and what their published texts show. Run it once "
        "after the plugin was added to a project with translations; it may be run again."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        count = record_older_translations()
        self.stdout.write(f"Recorded {count} translation(s).")
