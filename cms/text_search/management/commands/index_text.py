"""Index the text of all pages and entries again."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from cms.text_search.indexing import index_everything


class Command(BaseCommand):
    help = "Index the text of all pages and entries again, for the search in the admin."

    def handle(self, **options: Any) -> None:
        done = list(index_everything())
        self.stdout.write(f"Indexed {done[-1] if done else 0} pages and entries.")
