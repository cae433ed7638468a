"""Submit the pages that wait to be submitted for translation."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from wagtail_localize_desk.submission_queue import delete_old, submit_next_page


class Command(BaseCommand):
    """Run it every minute; several at a time share the submissions among them."""

    help = "Submits what waits to be submitted for translation, and ends when nothing waits."

    def handle(self, *args: Any, **options: Any) -> None:
        delete_old()
        while submit_next_page():
            pass
