"""`manage.py delivery_rebuild`: compile every document again from published content."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from wagtail_delivery.publishing.rebuild import rebuild


class Command(BaseCommand):
    help = (
        "Compiles every document of the delivery API again from published content. Documents that "
        "cannot be made are listed and stay as they were; the exit status is then 1."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        written, failed = 0, 0
        for progress in rebuild():
            written = progress.written
            failed += len(progress.failures)
            for failure in progress.failures:
                self.stderr.write(f"{failure.source}: {failure.what}")
            if options["verbosity"] > 0:
                self.stdout.write(
                    f"{progress.done} of {progress.total} compiled, {written} written"
                )
        if failed:
            raise CommandError(f"{written} written; {failed} cannot be made.")
        self.stdout.write(self.style.SUCCESS(f"Done: {written} written."))
