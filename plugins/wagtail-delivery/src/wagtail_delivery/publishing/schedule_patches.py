"""The patches around schedules: Wagtail's command, and what an editor reads about a late one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.core.management.base import CommandError
from django.utils.html import format_html
from django.utils.translation import gettext as _
from wagtail.locks import ScheduledForPublishLock
from wagtail.management.commands import publish_scheduled
from wagtail.models import Revision

from wagtail_delivery.models import OverdueSchedule
from wagtail_delivery.publishing.due_schedules import source_of
from wagtail_delivery.publishing.patching import Patch, wrapper
from wagtail_delivery.publishing.scheduled import publish_all_due

MARK = "_wagtail_delivery_schedules"


def schedules() -> Iterator[Patch]:
    """Wagtail 8.0 stops at the first thing that fails, and tells no editor that something did."""
    yield from wrapper(
        publish_scheduled.Command,
        "handle",
        _publish_scheduled,
        reason="one thing that cannot be published on time keeps all later ones from it",
        mark=MARK,
    )
    yield from wrapper(
        ScheduledForPublishLock,
        "get_message",
        _with_failure,
        reason="nobody reads in the editor why something was not published on time",
        mark=MARK,
    )


def _publish_scheduled(
    original: Callable[..., None], command: Any, *args: Any, **options: Any
) -> None:
    if options.get("dryrun"):
        original(command, *args, **options)
        return
    failures = publish_all_due()
    if failures:
        count = f"{len(failures)} of the scheduled actions failed:"
        raise CommandError("\n".join([count, *failures]))


def _with_failure(original: Callable[..., Any], lock: Any, user: Any) -> Any:
    message = original(lock, user)
    revision = lock.object.scheduled_revision
    row = OverdueSchedule.objects.filter(
        source=source_of(Revision, revision.pk), due_at=revision.approved_go_live_at
    ).first()
    if row is None or not row.failure:
        return message
    failed = _(
        "That failed: %(reason)s It is tried again by itself. To change something, cancel the "
        "schedule, here or in the history."
    )
    return format_html("{}. {}", message, failed % {"reason": row.failure})
