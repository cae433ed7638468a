"""`manage.py delivery_verify`: prove that the store equals a full rebuild."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from wagtail_delivery.management.progress_bar import ProgressBar
from wagtail_delivery.publishing.rebuild import verify


class Command(BaseCommand):
    help = (
        "Compares every document of the delivery API, byte for byte, with what a rebuild would "
        "make, and exits with 1 if any differs. delivery_rebuild repairs the store, except for "
        "documents that cannot be made."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        found, bar = 0, ProgressBar(self.stderr)
        differences = verify(bar.show) if options["verbosity"] > 0 else verify()
        for difference in differences:
            self.stdout.write(f"{difference.source}: {difference.what}")
            found += 1
        if options["verbosity"] > 0:
            bar.close()
        if found:
            raise CommandError(f"{found} differences; run delivery_rebuild.")
        self.stdout.write(self.style.SUCCESS("The store equals a full rebuild."))
