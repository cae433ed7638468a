"""The desk's own record of every translated string, which nothing of wagtail-localize deletes.

Rows name content by its translation key and languages by their codes, and have no foreign key to
content, locales or wagtail-localize's tables: whatever is deleted there, words and history stay.
"""

from __future__ import annotations

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Revision

from wagtail_localize_desk.file_text_models import FileTexts
from wagtail_localize_desk.held_models import HeldPublication
from wagtail_localize_desk.review_models import Assignment, DigestPreference, StringComment
from wagtail_localize_desk.submission_models import Submission, SubmittedPage
from wagtail_localize_desk.term_models import AcceptedFinding, Term
from wagtail_localize_desk.upload_models import UploadedTranslations
from wagtail_localize_desk.wording import hash_of

__all__ = [
    "CHANGING",
    "AcceptedFinding",
    "Assignment",
    "DigestPreference",
    "FileTexts",
    "HeldPublication",
    "HistoryIsAppendOnlyError",
    "Method",
    "Reason",
    "RevisionTexts",
    "State",
    "StringChange",
    "StringComment",
    "Submission",
    "SubmittedPage",
    "Term",
    "TranslatedString",
    "UploadedTranslations",
]


class State(models.TextChoices):
    UNTRANSLATED = "untranslated", _("Untranslated")
    NEEDS_REVIEW = "needs_review", _("Needs review")
    TRANSLATED = "translated", _("Translated")
    APPROVED = "approved", _("Approved")


class Reason(models.TextChoices):
    """Why a string needs review."""

    SOURCE_CHANGED = "source_changed", _("The source has changed")
    MEMORY = "memory", _("From the translation memory")
    MACHINE = "machine", _("Translated by a machine")
    IMPORT = "import", _("Imported as unfinished")
    CONFLICT = "conflict", _("Written on the page while its translation was stopped")
    ERROR = "error", _("Cannot be used as it is")
    SENT_BACK = "sent_back", _("Sent back by a reviewer")


class Method(models.TextChoices):
    """By what a string was changed."""

    HAND = "hand", _("By hand")
    PAGE = "page", _("In the ordinary editor")
    MEMORY = "memory", _("Translation memory")
    MACHINE = "machine", _("Machine translation")
    IMPORT = "import", _("Import")
    SOURCE = "source", _("Publication of the source")
    RESTORE = "restore", _("Restored version")
    DELETION = "deletion", _("Deletion")
    REVIEW = "review", _("Review")


class Written(models.Model):
    """Who wrote something, by what, and when; the name outlives the account."""

    method = models.CharField(max_length=20, choices=Method, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    author_name = models.CharField(max_length=255, blank=True)

    class Meta:
        abstract = True


class TranslatedString(Written):
    """One string of a text in one target language: its state, its words, and their source.

    Wagtail-localize divides a rich text into several strings, so a content path can have several
    rows. A row keeps its primary key when its text moves or its source changes.
    """

    #: The translation key of the page or snippet.
    object_key = models.UUIDField()
    source_language = models.CharField(max_length=100)
    target_language = models.CharField(max_length=100)
    path = models.TextField(help_text=_("wagtail-localize's content path of the text."))
    number = models.PositiveIntegerField(
        null=True,
        help_text=_("Number of the string in its text; empty if no longer in the source."),
    )
    source_words = models.TextField(blank=True)
    #: wagtail-localize's hash of the source words; null for text without a source.
    source_hash = models.UUIDField(null=True)
    words = models.TextField(blank=True)
    made_from = models.TextField(blank=True, help_text=_("The source words of the translation."))
    state = models.CharField(max_length=20, choices=State, default=State.UNTRANSLATED)
    reason = models.CharField(max_length=20, choices=Reason, blank=True)
    written_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("translated string")
        verbose_name_plural = _("translated strings")
        constraints = [
            models.UniqueConstraint(
                fields=["object_key", "target_language", "path", "source_hash"],
                condition=Q(number__isnull=False),
                name="desk_one_row_per_string",
            ),
        ]
        indexes = [
            models.Index(fields=["object_key", "target_language"], name="desk_string_of_object"),
            models.Index(fields=["source_hash", "target_language"], name="desk_string_memory"),
            models.Index(fields=["target_language", "state"], name="desk_string_state"),
        ]

    def __str__(self) -> str:
        return f"{self.object_key} {self.path} ({self.target_language}): {self.state}"

    @property
    def is_current(self) -> bool:
        """Whether the words are a translation of the words that the source has now."""
        return bool(self.words) and self.made_from == self.source_words

    def set_source(self, path: str, number: int | None, source_words: str) -> None:
        """Give the row the place and the source words that it has now."""
        self.path, self.number, self.source_words = path, number, source_words
        self.source_hash = hash_of(source_words)

    def change(
        self,
        state: str,
        reason: str = "",
        *,
        method: str,
        user: Any = None,
        words: str | None = None,
        made_from: str | None = None,
    ) -> StringChange:
        """Change this instance; returns the entry of its history. The caller saves both."""
        entry = StringChange(
            string=self,
            state_before=self.state,
            words_before=self.words,
            method=method,
            author=user,
            author_name=str(user or "")[:255],
        )
        self.state, self.reason = state, reason
        if words is not None:
            self.words = words
            self.made_from = self.source_words if made_from is None else made_from
            self.method, self.author = method, user
            self.author_name, self.written_at = entry.author_name, entry.at
        entry.path, entry.source_words = self.path, self.source_words
        entry.state_after, entry.reason_after = self.state, self.reason
        entry.words_after, entry.made_from = self.words, self.made_from
        return entry


#: The fields of a string that can change.
CHANGING = (
    "path",
    "number",
    "source_words",
    "source_hash",
    "words",
    "made_from",
    "state",
    "reason",
    "method",
    "author",
    "author_name",
    "written_at",
)


class HistoryIsAppendOnlyError(TypeError):
    """The history of strings is never changed; add an entry instead."""


class AppendOnlyQuerySet(models.QuerySet["StringChange"]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise HistoryIsAppendOnlyError

    def delete(self) -> NoReturn:
        raise HistoryIsAppendOnlyError


class StringChange(Written):
    """One change of one string. Entries are added, and never changed or deleted."""

    string = models.ForeignKey(TranslatedString, on_delete=models.PROTECT, related_name="changes")
    at = models.DateTimeField(default=timezone.now)
    path = models.TextField()
    source_words = models.TextField(blank=True)
    state_before = models.CharField(max_length=20, choices=State)
    state_after = models.CharField(max_length=20, choices=State)
    reason_after = models.CharField(max_length=20, choices=Reason, blank=True)
    words_before = models.TextField(blank=True)
    words_after = models.TextField(blank=True)
    made_from = models.TextField(blank=True, help_text=_("The source words of the translation."))

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of a translated string")
        verbose_name_plural = _("changes of translated strings")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.path}: {self.state_before} to {self.state_after}, {self.at}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise HistoryIsAppendOnlyError
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise HistoryIsAppendOnlyError


class RevisionTexts(models.Model):
    """What one saved version of a translation shows, string by string.

    The status of a *published* translation is fixed when its revision is saved: strings that
    translators save later are not public yet. So it is stored for each revision.
    """

    object_key = models.UUIDField()
    source_language = models.CharField(max_length=100)
    target_language = models.CharField(max_length=100)
    revision = models.ForeignKey(Revision, on_delete=models.SET_NULL, null=True, related_name="+")
    saved_at = models.DateTimeField(default=timezone.now)
    is_by_hand = models.BooleanField(
        help_text=_("Whether it was saved outside the translation editor.")
    )
    source_digests = models.JSONField(
        help_text=_("Digest of each field of the source that it was made from.")
    )
    texts = models.JSONField(
        help_text=_("For each content path its strings: row, hash of the source, is translated.")
    )
    may_be_public = models.BooleanField(
        default=False,
        help_text=_("Whether somebody published or scheduled it with untranslated texts."),
    )

    class Meta:
        verbose_name = _("texts of a revision")
        verbose_name_plural = _("texts of revisions")
        permissions = [("publish_untranslated", _("Can publish untranslated texts"))]
        indexes = [
            models.Index(fields=["object_key", "target_language"], name="desk_texts_of_object"),
        ]

    def __str__(self) -> str:
        return f"{self.object_key} ({self.target_language}), revision {self.revision_id}"
