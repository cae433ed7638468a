"""Schedules whose time has come."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from wagtail.models import Revision

from wagtail_delivery.models import OverdueSchedule
from wagtail_localize_desk.extending import publishing_untranslated


def schedule(page: Any, user: Any = None, **values: Any) -> Revision:
    """Schedule a version of `page`, and let its time pass."""
    for name, value in values.items():
        setattr(page, name, value)
    page.go_live_at = timezone.now() + timedelta(hours=1)
    revision: Revision = page.save_revision()
    with publishing_untranslated():
        revision.publish(user=user, skip_permission_checks=True)
    return let_time_pass(revision)


def let_time_pass(revision: Revision) -> Revision:
    revision.refresh_from_db()
    moment = datetime.fromisoformat(revision.content["go_live_at"]) - timedelta(hours=1, minutes=1)
    revision.content["go_live_at"] = moment.isoformat()
    revision.approved_go_live_at = moment
    revision.save()
    return revision


def let_wait_pass() -> None:
    OverdueSchedule.objects.update(not_before=timezone.now())
