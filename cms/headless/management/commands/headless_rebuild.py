"""`manage.py headless_rebuild`: make every document again from published content."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from cms.headless.rebuild import rebuild


class Command(BaseCommand):
    help = "Makes every document of the delivery API again from published content."

    def handle(self, *args: Any, **options: Any) -> None:
        written = 0
        for done, total, written in rebuild():
            if options["verbosity"] > 0:
                self.stdout.write(f"{done} of {total} compiled, {written} written")
        self.stdout.write(self.style.SUCCESS(f"Done: {written} written."))
