"""Publications that wait for their translations."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import ProtectedError
from django.db.models.deletion import Collector
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Revision


def cascade_with_content(
    collector: Collector, field: models.Field[Any, Any], held: Any, using: str
) -> None:
    """Go with the page or snippet; raise ProtectedError where only the revision is purged."""
    if isinstance(collector.origin, Revision):
        raise ProtectedError("The revision waits for its translations.", set(held))
    models.CASCADE(collector, field, held, using)


class HeldPublication(models.Model):
    """A revision that somebody published "together": it waits until its translations are approved.

    The row goes when the revision is published, or its publication is withdrawn. Wagtail's log
    keeps who did what, and why.
    """

    #: The translation key of the page or snippet.
    object_key = models.UUIDField()
    source_language = models.CharField(max_length=100)
    revision = models.OneToOneField(Revision, on_delete=cascade_with_content, related_name="+")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    user_name = models.CharField(max_length=255, blank=True)
    at = models.DateTimeField(default=timezone.now)
    #: The hashes of the source words that readers have meanwhile, by primary key of the string.
    public_hashes = models.JSONField(default=dict)
    #: Why the publication failed when all translations were approved.
    problem = models.TextField(blank=True)

    class Meta:
        verbose_name = _("publication that waits for its translations")
        verbose_name_plural = _("publications that wait for their translations")
        constraints = [
            models.UniqueConstraint(
                fields=["object_key", "source_language"], name="desk_one_held_publication"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.object_key} ({self.source_language}), revision {self.revision_id}"
