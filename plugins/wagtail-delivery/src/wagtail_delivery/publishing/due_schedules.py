"""What is due, and publishing or unpublishing it under the publishing lock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import DraftStateMixin, Page, Revision

#: Wagtail's entries in its log.
PUBLISHED, EXPIRED = "wagtail.publish.scheduled", "wagtail.unpublish.scheduled"


class StillDueError(Exception):
    """Nothing was published, and no code said why."""


@dataclass(frozen=True)
class Due:
    """A schedule that is due: of a revision to publish, or of a page or snippet to unpublish."""

    model: type[Any]
    pk: Any
    at: datetime

    @property
    def source(self) -> str:
        return source_of(self.model, self.pk)

    @property
    def is_expiry(self) -> bool:
        return self.model is not Revision

    def item(self) -> Any:
        """The page or snippet; None if it is gone."""
        row = self.model._base_manager.filter(pk=self.pk).first()
        if row is None:
            return None
        if self.is_expiry:
            return row.specific if isinstance(row, Page) else row
        return row.content_object

    def revision(self) -> Revision | None:
        """The revision to publish, or the public one of what expires."""
        pk = self.pk
        if self.is_expiry:
            pk = self.model._base_manager.filter(pk=pk).values("live_revision")[:1]
        found: Revision | None = Revision.objects.filter(pk=pk).first()
        return found


def source_of(model: type[models.Model], pk: Any) -> str:
    """The source in `OverdueSchedule` of the schedule of a revision, a page or a snippet."""
    return f"{model._meta.label_lower}:{pk}"


def due_now() -> list[Due]:
    """All that is due, what is to be published first, and otherwise in the order of time.

    Wagtail unpublishes first. A page whose next version follows on its expiry would go offline in
    between, and the expiry would cancel that version.
    """
    now = timezone.now()
    revisions = Revision.objects.filter(approved_go_live_at__lt=now).order_by(
        "approved_go_live_at", "pk"
    )
    found = [Due(Revision, *row) for row in revisions.values_list("pk", "approved_go_live_at")]
    return found + _expired(now)


def _expired(now: datetime) -> list[Due]:
    """What is to be unpublished, each thing once and as an instance of its own class."""
    found: dict[tuple[type[Any], Any], Due] = {}
    for model in _models():
        rows = model._base_manager.filter(live=True, expire_at__lt=now)
        table = model._meta.get_field("expire_at").model
        for pk, moment in rows.values_list("pk", "expire_at"):
            found.setdefault((table, pk), Due(model, pk, moment))
    return sorted(found.values(), key=lambda due: due.at)


def _models() -> list[type[Any]]:
    """`Page`, and every other model with drafts, those first that inherit a table of another."""
    others = [
        model
        for model in apps.get_models()
        if issubclass(model, DraftStateMixin)
        and not issubclass(model, Page)
        and not model._meta.proxy
    ]
    return [Page, *sorted(others, key=lambda model: -len(model._meta.get_parent_list()))]


def carry_out(due: Due) -> None:
    """Publish or unpublish `due`, if it still is due; call it in a `publishing()` block.

    A text whose expiry has passed as well is unpublished at once. Raises StillDueError if that
    changed nothing, and whatever the code around a publish raises.
    """
    if due.is_expiry:
        _unpublish(due.model, due.pk)
        return
    now = timezone.now()
    rows = Revision.objects.filter(pk=due.pk, approved_go_live_at__lt=now)
    revision = rows.first()
    if revision is None:
        return
    revision.publish(log_action=PUBLISHED)
    if rows.exists():
        raise StillDueError(_("It was not published, and no reason was given."))
    model = revision.content_type.model_class()
    if model is not None:
        _unpublish(model, revision.object_id)


def _unpublish(model: type[Any], pk: Any) -> None:
    rows = model._base_manager.filter(pk=pk, live=True, expire_at__lt=timezone.now())
    item = rows.first()
    if item is None:
        return
    item = item.specific if isinstance(item, Page) else item
    # Wagtail cancels the schedule of a version that follows later.
    later = item.revisions.filter(approved_go_live_at__isnull=False)
    schedules = list(later.values_list("pk", "approved_go_live_at"))
    item.unpublish(set_expired=True, log_action=EXPIRED)
    if rows.exists():
        raise StillDueError(_("It was not unpublished, and no reason was given."))
    for revision, moment in schedules:
        Revision.objects.filter(pk=revision).update(approved_go_live_at=moment)
