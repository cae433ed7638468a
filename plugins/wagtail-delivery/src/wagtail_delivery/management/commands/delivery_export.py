"""`manage.py delivery_export`: write the public content as files for a static server."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from wagtail_delivery.export.content import ExportError, export_content
from wagtail_delivery.export.folder import FolderError


class Command(BaseCommand):
    help = (
        "Writes what the delivery API gives without a query as files, which a static server can "
        "give at the same addresses. The next run goes on from there by the change log. It may be "
        "ended at any time: the files stay as they were, and the next run does the rest."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("dir", type=Path, help="An empty folder, or one with an export.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = export_content(options["dir"])
        except (ExportError, FolderError) as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(
                f"The export could not be written ({error.strerror}: {error.filename}). The next "
                "run does the rest."
            ) from error
        for name in done.left_out:
            self.stderr.write(f"{name}: left out, because no file can have this name.")
        if options["verbosity"] > 0:
            self.stdout.write(f"{done.written} files written, {done.removed} removed.")
