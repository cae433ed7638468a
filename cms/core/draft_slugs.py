"""Slugs that drafts have: nobody else may take one before the draft is published.

Wagtail looks for a slug in the live rows only. Two drafts could have the same one; whichever was
published second, by an approval or on schedule, would fail where no form can say so.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.functions import Cast
from wagtail.models import Revision


def slug_is_kept_for_draft(slug: str, instance: Any, others: models.QuerySet[Any]) -> bool:
    """Whether the draft or the schedule of one of `others` has the `slug` that `instance` takes.

    `others` are those that `instance` must share no slug with. A slug that `instance` has in the
    database already is its own.
    """
    if others.model._default_manager.filter(pk=instance.pk, slug=slug).exists():
        return False
    scheduled = models.Q(
        approved_go_live_at__isnull=False,
        base_content_type=instance.get_base_content_type(),
        object_id__in=others.annotate(pk_as_text=Cast("pk", models.CharField())).values(
            "pk_as_text"
        ),
    )
    drafts = models.Q(pk__in=others.values("latest_revision"))
    return Revision.objects.filter(scheduled | drafts, content__slug=slug).exists()
