"""Tell translators, reviewers and publishers by e-mail what waits for them."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from wagtail_localize_desk.digest import send_digests


class Command(BaseCommand):
    """Run it once a day; whoever has had the e-mail of the day gets no second one."""

    help = "Sends each user a digest of the translations that wait for them."

    def handle(self, *args: Any, **options: Any) -> None:
        count = send_digests()
        self.stdout.write(f"Sent {count} digest(s).")
