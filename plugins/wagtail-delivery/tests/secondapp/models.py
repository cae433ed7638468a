from __future__ import annotations

from django.db import models
from wagtail.snippets.models import register_snippet


@register_snippet
class Notice(models.Model):
    """`testapp` has a model with the same name."""

    urgent = models.BooleanField(default=False)

    api_fields = ["urgent"]

    def __str__(self) -> str:
        return "urgent" if self.urgent else "calm"
