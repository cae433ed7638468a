"""`manage.py delivery_images`: make the files of uploaded images before a page needs them."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from wagtail_delivery.publishing.image_queue import prepare_next_image


class Command(BaseCommand):
    help = (
        "Makes the files of images that were uploaded since the last run, and ends. Needs "
        "PREPARE_IMAGES. It may be ended at any time; the next run makes the rest."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        done = 0
        while prepare_next_image():
            done += 1
        if options["verbosity"] > 1:
            self.stdout.write(f"{done} images prepared.")
