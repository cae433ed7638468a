from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser

from cms.login.second_factor import devices, notices


class Command(BaseCommand):
    help = "Remove the second factor of an account, as when its telephone and codes are lost."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, username: str, **options: Any) -> None:
        model = get_user_model()
        person = model._default_manager.filter(**{model.USERNAME_FIELD: username}).first()
        if person is None:
            raise CommandError(f"There is no account {username!r}.")
        if not devices.remove(person):
            raise CommandError(f"{username} has no second factor.")
        notices.record(notices.RESET, person, by=None)
        self.stdout.write(
            f"{username} has no second factor now, and all its sessions have ended. "
            "Where one is required, the next log-in asks to set it up."
        )
