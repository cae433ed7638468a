"""`manage.py delivery_rebuild`: compile every document again from published content."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from wagtail_delivery.management.progress_bar import ProgressBar
from wagtail_delivery.publishing.rebuild import UnknownSourceError, rebuild


class Command(BaseCommand):
    help = (
        "Compiles every document of the delivery API again from published content. Documents that "
        "cannot be made are listed and stay as they were; the exit status is then 1. It may be "
        "interrupted, and goes on with --after."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--after",
            default="",
            metavar="SOURCE",
            help="Leave out what an interrupted rebuild has compiled, up to this source.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        written, failed, last = 0, 0, options["after"]
        bar = ProgressBar(self.stdout)
        try:
            for progress in rebuild(last):
                written, last = progress.written, progress.last
                failed += len(progress.failures)
                for failure in progress.failures:
                    self.stderr.write(f"{failure.source}: {failure.what}")
                if options["verbosity"] > 0:
                    note = f" compiled, {written:,} written, up to {last}"
                    bar.show(progress.done, progress.total, note)
        except UnknownSourceError as error:
            raise CommandError(f"{error} Start without --after.") from error
        except KeyboardInterrupt as error:
            raise CommandError(
                f"Interrupted. Go on with: manage.py delivery_rebuild --after {last}"
            ) from error
        if options["verbosity"] > 0:
            bar.close()
        if failed:
            raise CommandError(f"{written} written; {failed} cannot be made.")
        self.stdout.write(self.style.SUCCESS(f"Done: {written} written."))
