"""Load terms from a CSV file."""

from __future__ import annotations

import csv
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from wagtail_localize_desk.term_models import Term

COLUMNS = ("source_language", "target_language", "term", "translations", "forbidden", "note")
#: Between several translations in one cell.
SEPARATOR = "|"


class Command(BaseCommand):
    """Adds the terms that are missing, and leaves those that are there as they are."""

    help = (
        "Load terms from a CSV file with the columns "
        f"{', '.join(COLUMNS)} and, if wanted, is_case_sensitive. Several translations are "
        f"separated by “{SEPARATOR}”. Terms that exist already are kept as they are."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a CSV file in UTF-8")
        parser.add_argument(
            "--if-none", action="store_true", help="do nothing if there are terms already"
        )

    def handle(self, *args: Any, file: Path, if_none: bool, **options: Any) -> None:
        """Raises `CommandError` for a file with mistakes, and then loads none of it."""
        if if_none and Term.objects.exists():
            return
        try:
            with file.open(encoding="utf-8", newline="") as opened:
                rows = list(csv.DictReader(opened, restval=""))
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise CommandError(f"{file} cannot be read: {error}") from error
        if not rows or not set(COLUMNS) <= rows[0].keys():
            raise CommandError(f"{file} needs a first line with the columns {', '.join(COLUMNS)}.")
        with transaction.atomic():
            added = sum(self._add(file, number, row) for number, row in enumerate(rows, 2))
        self.stdout.write(f"{added} terms added, {len(rows) - added} kept as they were.")

    def _add(self, file: Path, number: int, row: dict[str, str]) -> bool:
        term = Term(
            source_language=row["source_language"],
            target_language=row["target_language"],
            term=row["term"],
            translations="\n".join(row["translations"].split(SEPARATOR)),
            forbidden="\n".join(row["forbidden"].split(SEPARATOR)),
            note=row["note"],
            is_case_sensitive=row.get("is_case_sensitive") == "yes",
        )
        names = ("source_language", "target_language", "term")
        if Term.objects.filter(**{name: row[name] for name in names}).exists():
            return False
        try:
            term.full_clean()
        except ValidationError as error:
            raise CommandError(f"{file}, line {number}: {'; '.join(error.messages)}") from error
        term.save()
        return True
