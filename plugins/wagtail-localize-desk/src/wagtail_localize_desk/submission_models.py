"""Submissions of many pages, which a worker carries out page by page."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Submission(models.Model):
    """A tree of pages that somebody submitted for translation.

    Pages and languages have no foreign keys: whoever deletes one never waits for the worker.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    user_name = models.CharField(max_length=255, blank=True)
    #: The primary key of the page at the top.
    page_pk = models.BigIntegerField()
    include_subtree = models.BooleanField(default=True)
    languages = models.JSONField(default=list)
    #: How many pages there were when it was submitted, then how many are listed.
    total = models.PositiveIntegerField()
    created_at = models.DateTimeField(default=timezone.now)
    #: When its pages were listed.
    listed_at = models.DateTimeField(null=True)
    #: When a worker last did something for it.
    worked_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("submission of pages")
        verbose_name_plural = _("submissions of pages")
        indexes = [
            models.Index(
                fields=["created_at"],
                condition=models.Q(finished_at=None),
                name="desk_unfinished_submissions",
            )
        ]

    def __str__(self) -> str:
        return f"page {self.page_pk} into {', '.join(self.languages)}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.user is not None:
            self.user_name = str(self.user)[:255]
        super().save(*args, **kwargs)


class SubmittedPage(models.Model):
    """One page of a submission, and what became of it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DONE = "done", _("Submitted")
        #: The user may no longer submit it or see it, or the account was deleted.
        LEFT_OUT = "left_out", _("Left out, because the right to it is missing")
        DELETED = "deleted", _("The page was deleted meanwhile")
        NO_LANGUAGE = "no_language", _("The language was deleted meanwhile")
        FAILED = "failed", _("Failed")

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="pages")
    page_pk = models.BigIntegerField()
    state = models.CharField(max_length=20, choices=State.choices, default=State.WAITING)
    #: How often a worker began it.
    attempts = models.PositiveSmallIntegerField(default=0)
    #: Why it failed, in the language of the user.
    problem = models.TextField(blank=True)

    class Meta:
        verbose_name = _("submitted page")
        verbose_name_plural = _("submitted pages")
        indexes = [
            models.Index(fields=["submission", "state", "id"], name="desk_submitted_pages"),
        ]

    def __str__(self) -> str:
        return f"page {self.page_pk}: {self.state}"
