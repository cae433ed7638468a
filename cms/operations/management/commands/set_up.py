from __future__ import annotations

from argparse import BooleanOptionalAction
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from cms.operations import set_up
from cms.operations.console import demo_accounts_message


class Command(BaseCommand):
    help = (
        "Bring the database, languages, groups and static files up to date; "
        "safe to run at every release."
    )
    # They run during set-up, once the database has its tables.
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--content",
            action=BooleanOptionalAction,
            default=settings.CONTENT_AT_SET_UP,
            help="Also load the text in content/ (default in development settings).",
        )

    def handle(self, *args: Any, content: bool, **options: Any) -> None:
        passwords = set_up.set_up(self.stdout.write, content=content)
        if passwords:
            self.stdout.write(demo_accounts_message(passwords))
        self.stdout.write("Everything is up to date.")
