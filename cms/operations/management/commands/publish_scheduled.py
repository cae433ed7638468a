"""Wagtail's command of the same name, made to continue after a failure.

Wagtail 8 stops at the first page or snippet that it cannot publish or unpublish. As that happens on
every run, everything scheduled later would wait for ever.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import Any

from django.apps import apps
from django.core.management.base import CommandError
from django.utils import timezone
from wagtail.management.commands import publish_scheduled
from wagtail.models import DraftStateMixin, Page, Revision

logger = logging.getLogger(__name__)


class Command(publish_scheduled.Command):
    help = "Publish and unpublish pages and snippets that are due."

    def handle(self, *args: Any, **options: Any) -> None:
        if options["dryrun"]:
            super().handle(*args, **options)
            return
        now = timezone.now()
        failed: list[str] = []

        def attempt(name: str, action: Callable[[], object]) -> None:
            try:
                action()
            except Exception as problem:
                logger.exception("%s failed.", name)
                failed.append(f"{name}: {problem}")

        # Wagtail's order: expired items first, then due revisions, each oldest first.
        for model in self._models():
            expired = model.objects.filter(live=True, expire_at__lt=now).order_by("expire_at")
            for item in list(expired):
                attempt(f"Unpublishing {item!r}", partial(self._unpublish, item))
        due = Revision.objects.filter(approved_go_live_at__lt=now).order_by("approved_go_live_at")
        for revision in list(due):
            attempt(
                f"Publishing {revision.object_str!r}",
                partial(revision.publish, log_action="wagtail.publish.scheduled"),
            )
        if failed:
            raise CommandError(
                "\n".join([f"{len(failed)} of the scheduled actions failed:", *failed])
            )

    @staticmethod
    def _models() -> list[Any]:
        """`Page`, and every other model with drafts."""
        others = [
            model
            for model in apps.get_models()
            if issubclass(model, DraftStateMixin) and not issubclass(model, Page)
        ]
        return [Page, *others]

    @staticmethod
    def _unpublish(item: Any) -> None:
        item.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
