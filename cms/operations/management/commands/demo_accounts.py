from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cms.operations import demo_accounts
from cms.operations.console import demo_accounts_message


class Command(BaseCommand):
    help = "Give the demo accounts new random passwords and print them (development settings only)."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO_ACCOUNTS:
            raise CommandError("Demo accounts are available in development settings only.")
        self.stdout.write(demo_accounts_message(demo_accounts.renew()))
