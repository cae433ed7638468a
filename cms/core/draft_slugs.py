"""Reserves the slugs of unpublished drafts.

Wagtail checks a slug against the live rows only, so two drafts could share one. Publishing the
second, by approval or on schedule, would then fail with no form to show the error.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.functions import Cast
from wagtail.models import Revision


def slug_is_kept_for_draft(slug: str, instance: Any, others: models.QuerySet[Any]) -> bool:
    """Whether a draft or scheduled revision of one of `others` already uses `slug`.

    `others` are the objects whose slugs must differ from that of `instance`. A slug that `instance`
    already has in the database is its own.
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
