"""Comments on strings, and who is to translate what until when.

Like the strings, these rows name content by translation key and languages by code.
"""

from __future__ import annotations

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class CommentIsFixedError(TypeError):
    """A comment is never changed or deleted; resolve it, or add another one."""


class FixedQuerySet(models.QuerySet["StringComment"]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise CommentIsFixedError

    def delete(self) -> NoReturn:
        raise CommentIsFixedError


class StringComment(models.Model):
    """What somebody said about a string; added and resolved, and never changed or deleted."""

    string = models.ForeignKey(
        "wagtail_localize_desk.TranslatedString", on_delete=models.PROTECT, related_name="comments"
    )
    at = models.DateTimeField(default=timezone.now)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    author_name = models.CharField(max_length=255, blank=True)
    text = models.TextField()
    #: Whether a reviewer sent the string back with it.
    is_send_back = models.BooleanField(default=False)
    #: The words that it is about.
    source_words = models.TextField(blank=True)
    words = models.TextField(blank=True)
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    resolved_by_name = models.CharField(max_length=255, blank=True)

    objects = FixedQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment on a string")
        verbose_name_plural = _("comments on strings")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.author_name}: {self.text}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise CommentIsFixedError
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise CommentIsFixedError

    def resolve(self, user: Any) -> None:
        """Mark the comment as done; the first time counts."""
        now = timezone.now()
        unresolved = type(self)._base_manager.filter(pk=self.pk, resolved_at=None)
        unresolved.update(resolved_at=now, resolved_by=user, resolved_by_name=str(user or "")[:255])
        self.refresh_from_db(fields=["resolved_at", "resolved_by", "resolved_by_name"])


class DigestPreference(models.Model):
    """Whether a user wants the digest by e-mail, and what it told them last."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", primary_key=True
    )
    is_wanted = models.BooleanField(
        default=True,
        verbose_name=_("Daily e-mail about translations"),
        help_text=_("What waits for you to translate, review or publish. None if nothing does."),
    )
    sent_on = models.DateField(null=True, editable=False)

    class Meta:
        verbose_name = _("digest of translations")
        verbose_name_plural = _("digests of translations")

    def __str__(self) -> str:
        return f"{self.user}: {self.is_wanted}"


class Assignment(models.Model):
    """Who is to translate a page or snippet into a language, and until when."""

    object_key = models.UUIDField()
    target_language = models.CharField(max_length=100)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("assigned to"),
    )
    due_on = models.DateField(null=True, blank=True, verbose_name=_("due date"))
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    assigned_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("assignment of a translation")
        verbose_name_plural = _("assignments of translations")
        constraints = [
            models.UniqueConstraint(
                fields=["object_key", "target_language"], name="desk_one_assignment"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.object_key} ({self.target_language}): {self.assignee}, {self.due_on}"
