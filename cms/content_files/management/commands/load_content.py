"""Load PERKESO's text from the files in `content/`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser, no_translations

from cms.content_files.loading import load
from cms.content_files.outcome import summary
from cms.content_files.problems import ContentError


class Command(BaseCommand):
    help = (
        "Create or update pages and snippets from the content files. Entries edited in the admin "
        "since the last load are left alone. Every mistake in the files is reported before "
        "anything is written; either everything is written or nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "path",
            nargs="?",
            type=Path,
            default=Path(settings.BASE_DIR) / "content",
            help="Folder of the content files (default: the project's content/).",
        )
        parser.add_argument(
            "--overwrite",
            action="store_true",
            help="Also write entries that were edited or deleted in the admin since.",
        )
        parser.add_argument(
            "--check",
            action="store_true",
            help="Check only: do everything, then roll it back.",
        )

    @no_translations
    def handle(self, *args: Any, **options: Any) -> None:
        say = self.stdout.write if options["verbosity"] else lambda line: None
        try:
            outcomes = load(
                options["path"],
                overwrite=options["overwrite"],
                check=options["check"],
                say=say,
            )
        except ContentError as error:
            raise CommandError(
                "\n".join(["Nothing was loaded. Fix these mistakes first:", *error.lines])
            ) from None
        say(summary(outcomes) + (" Everything was rolled back." if options["check"] else ""))
