"""What waits for a user: to translate, to review, to publish, and how long it has waited.

The number of queries depends on the number of content types, and not on the amount of content.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from wagtail.models import TaskState, WorkflowState
from wagtail_localize.models import Translation

from wagtail_localize_desk.held_publication import address_of
from wagtail_localize_desk.models import HeldPublication
from wagtail_localize_desk.progress import edit_url, of_targets, of_workflows, with_progress
from wagtail_localize_desk.rights import changeable

#: The most translations of a list.
LIMIT = 20


@dataclass(frozen=True)
class Waiting:
    """A translation that waits for somebody."""

    translation_id: int
    title: str
    language: str
    kind: str
    edit_url: str
    since: datetime | None
    #: How many strings have to be translated or looked at.
    count: int = 0
    due_on: date | None = None
    assignee: str = ""
    is_mine: bool = False

    @property
    def review_url(self) -> str:
        return reverse("wagtail_localize_desk:review", args=[self.translation_id])

    @property
    def days(self) -> int:
        """Whole days that it has waited."""
        return _days_since(self.since) if self.since else 0

    @property
    def is_late(self) -> bool:
        return self.due_on is not None and self.due_on < timezone.localdate()


@dataclass(frozen=True)
class Held:
    """A text that waits for its translations to be published together."""

    title: str
    kind: str
    language: str
    url: str
    since: datetime

    @property
    def days(self) -> int:
        """Whole days that it has waited."""
        return _days_since(self.since)


@dataclass(frozen=True)
class Tasks:
    """Everything that waits for a user: their own first, then by language, the longest first."""

    to_translate: list[Waiting] = field(default_factory=list)
    to_review: list[Waiting] = field(default_factory=list)
    to_publish: list[Waiting] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.to_translate or self.to_review or self.to_publish)


def _days_since(moment: datetime) -> int:
    return (timezone.now() - moment).days


def tasks_of(user: Any, limit: int = LIMIT) -> Tasks:
    """What waits for `user`, at most `limit` of each; only what they may work on."""
    submitted = of_workflows(
        with_progress(
            Translation.objects.filter(enabled=True).select_related(
                "source__specific_content_type", "target_locale"
            )
        )
    )
    return Tasks(
        _listed(_to_translate(submitted, user), user, limit),
        _listed(_to_review(submitted, user), user, limit),
        _listed(_to_publish(submitted, user), user, limit),
    )


def held_publications(user: Any, limit: int = LIMIT) -> list[Held]:
    """What waits for its translations and `user` may change or publish, the longest first."""
    by_type: dict[ContentType, list[HeldPublication]] = defaultdict(list)
    for held in HeldPublication.objects.select_related("revision__content_type"):
        by_type[held.revision.content_type].append(held)
    found = []
    for content_type, of_type in by_type.items():
        model = content_type.model_class()
        if model is None:
            continue
        seen = changeable(user, model).select_related("locale")
        seen = seen.filter(pk__in=[held.revision.object_id for held in of_type])
        by_pk = {str(instance.pk): instance for instance in seen}
        for held in of_type:
            instance = by_pk.get(held.revision.object_id)
            if instance is not None:
                found.append(
                    Held(
                        str(instance),
                        capfirst(str(model._meta.verbose_name)),
                        str(instance.locale),
                        address_of(held),
                        held.at,
                    )
                )
    return sorted(found, key=lambda held: held.since)[:limit]


def _to_translate(submitted: QuerySet[Translation], user: Any) -> Any:
    open_ones = of_targets(submitted.filter(open_count__gt=0), user, ["change"])
    return open_ones.exclude(Exists(_steps())).annotate(
        since=F("waits_since"), count=F("open_count")
    )


def _to_review(submitted: QuerySet[Translation], user: Any) -> Any:
    """In a step of a workflow that the user may approve, whatever other rights they have."""
    steps = _steps().filter(pk__in=TaskState.objects.reviewable_by(user).values("pk"))
    return (
        of_targets(submitted)
        .filter(Exists(steps))
        .annotate(
            since=Subquery(steps.values("started_at")[:1]),
            count=F("all_strings") - F("approved_count"),
        )
    )


def _to_publish(submitted: QuerySet[Translation], user: Any) -> Any:
    """Approved throughout, and changed since the target was published."""
    approved = submitted.filter(all_strings__gt=0, approved_count=F("all_strings"))
    is_behind = (
        Q(live=False)
        | Q(last_published_at__isnull=True)
        | Q(last_published_at__lt=OuterRef("last_change"))
    )
    found = of_targets(approved, user, ["publish"], where=is_behind)
    return found.exclude(Exists(_steps())).annotate(since=F("last_change"), count=Value(0))


def _steps() -> Any:
    """The steps of workflows that a translation's target is in now."""
    return TaskState.objects.filter(
        status=TaskState.STATUS_IN_PROGRESS,
        workflow_state__object_id=OuterRef("target_pk"),
        workflow_state__base_content_type_id=OuterRef("base_type"),
        workflow_state__status=WorkflowState.STATUS_IN_PROGRESS,
    )


def _listed(translations: Any, user: Any, limit: int) -> list[Waiting]:
    is_mine = Case(When(assignee_id=user.pk, then=Value(0)), default=Value(1))
    ordered = translations.order_by(is_mine, "target_locale__language_code", "since", "pk")
    return [
        Waiting(
            translation_id=each.pk,
            title=each.source.object_repr,
            language=str(each.target_locale),
            kind=capfirst(str(each.source.specific_content_type.name)),
            edit_url=edit_url(each),
            since=each.since,
            count=each.count,
            due_on=each.due_on,
            assignee=each.assignee_name or "",
            is_mine=each.assignee_id == user.pk,
        )
        for each in ordered[:limit]
    ]
