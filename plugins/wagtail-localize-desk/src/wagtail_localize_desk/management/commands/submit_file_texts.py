"""Submit the texts of files that texts which were submitted before show."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from wagtail_localize.models import Translation

from wagtail_localize_desk.file_submission import submit_files_with
from wagtail_localize_desk.file_text_models import FileTexts


class Command(BaseCommand):
    help = (
        "Submits the titles and descriptions of the images and documents that submitted texts "
        "show. Run it once after an upgrade; it may be run again."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        before = FileTexts.objects.count()
        for translation in Translation.objects.filter(enabled=True).iterator():
            with transaction.atomic():
                submit_files_with(translation)
        count = FileTexts.objects.count() - before
        self.stdout.write(f"Added {count} text(s) of files.")
