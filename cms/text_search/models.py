"""The text of pages and entries, kept so that one query finds a phrase in all of it."""

from __future__ import annotations

from django.contrib.contenttypes.models import ContentType
from django.db import models
from wagtail.models import Locale


class IndexedText(models.Model):
    """The text of one version of a page or an entry.

    There are up to two for each thing: what is public, and what its editors work on. A row of each
    has its own lock, so saving a draft does not wait for a publish.
    """

    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE)
    object_id = models.CharField(max_length=255)
    is_public = models.BooleanField()
    locale = models.ForeignKey(Locale, on_delete=models.CASCADE)
    title = models.TextField()
    #: `passages.Passage` of each text, as JSON.
    passages = models.JSONField()
    #: All of them in the form in which they are compared (`folding`), one in a line.
    folded = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id", "is_public"], name="text_search_one_version"
            )
        ]

    def __str__(self) -> str:
        return self.title
