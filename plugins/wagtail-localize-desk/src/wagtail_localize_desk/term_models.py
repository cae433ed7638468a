"""Terms, and findings that a reviewer has set aside."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models.signals import post_delete, post_save
from django.utils.translation import gettext_lazy as _
from wagtail.coreutils import get_content_languages

from wagtail_localize_desk.quality.pairs import ApprovedTerm

#: How long terms stay in the cache.
CACHED_SECONDS = 60


def languages() -> list[tuple[str, str]]:
    """The languages of the project's content, for the choices of a form."""
    return list(get_content_languages().items())


class Term(models.Model):
    """A term of one language, and how it is written in another."""

    source_language = models.CharField(_("from"), max_length=100, choices=languages)
    target_language = models.CharField(_("into"), max_length=100, choices=languages)
    term = models.CharField(_("term"), max_length=255)
    translations = models.TextField(
        _("translations"),
        help_text=_(
            "One for each line; any of them is right. A name that stays as it is has itself."
        ),
    )
    forbidden = models.TextField(
        _("wrong words"),
        blank=True,
        help_text=_("One for each line: what people write instead, and should not."),
    )
    is_case_sensitive = models.BooleanField(
        _("capitals matter"),
        default=False,
        help_text=_("For abbreviations that are also words."),
    )
    note = models.TextField(
        _("note"), blank=True, help_text=_("Shown to translators: when to use which, and why.")
    )

    class Meta:
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        ordering = ["source_language", "target_language", "term"]
        constraints = [
            models.UniqueConstraint(
                fields=["source_language", "target_language", "term"],
                name="desk_one_entry_per_term",
                violation_error_message=_("There is an entry for this term already. Change that."),
            ),
        ]

    def __str__(self) -> str:
        return self.term

    def clean(self) -> None:
        """Raises `ValidationError` for what would never match, or forbids what it asks for."""
        self.term = " ".join(self.term.split())
        self.translations = "\n".join(lines(self.translations))
        self.forbidden = "\n".join(lines(self.forbidden))
        if self.source_language and self.source_language == self.target_language:
            raise ValidationError({"target_language": _("Choose another language.")})
        if not self.translations:
            raise ValidationError({"translations": _("Write at least one translation.")})
        both = set(lines(self.translations)) & set(lines(self.forbidden))
        if both:
            message = _("“%(words)s” cannot be right and wrong.") % {"words": min(both)}
            raise ValidationError({"forbidden": message})

    @property
    def approved(self) -> ApprovedTerm:
        """The term as the checks use it."""
        return ApprovedTerm(
            self.term,
            tuple(lines(self.translations)),
            tuple(lines(self.forbidden)),
            self.is_case_sensitive,
        )


def lines(text: str) -> list[str]:
    """The words of each line that has any, each once."""
    return list(dict.fromkeys(line for raw in text.splitlines() if (line := " ".join(raw.split()))))


def approved_terms(source_language: str, target_language: str) -> tuple[ApprovedTerm, ...]:
    """The terms of a pair of languages, from the cache or in one query.

    Another process without a shared cache sees a changed term after a minute.
    """
    key = _cache_key(source_language, target_language)
    known: tuple[ApprovedTerm, ...] | None = cache.get(key)
    if known is None:
        found = Term.objects.filter(
            source_language=source_language, target_language=target_language
        )
        known = tuple(term.approved for term in found)
        cache.set(key, known, CACHED_SECONDS)
    return known


def _cache_key(source_language: str, target_language: str) -> str:
    return f"wagtail_localize_desk.terms.{source_language}.{target_language}"


def forget_terms(instance: Term, **kwargs: Any) -> None:
    """Take changed terms out of the cache once the change is committed."""
    key = _cache_key(instance.source_language, instance.target_language)
    cache.delete(key)
    transaction.on_commit(lambda: cache.delete(key))


def register_signal_handlers() -> None:
    """Connect the handlers; call it once."""
    post_save.connect(forget_terms, sender=Term)
    post_delete.connect(forget_terms, sender=Term)


class AcceptedFinding(models.Model):
    """A finding that a person looked at and accepted: it does not block this translation again.

    It holds for these words of the source and of the translation only. Rows are added and never
    changed; `string` has the primary key of a `TranslatedString`, which is never deleted once it
    has been translated.
    """

    string = models.ForeignKey(
        "wagtail_localize_desk.TranslatedString",
        on_delete=models.CASCADE,
        related_name="accepted_findings",
    )
    check_name = models.CharField(max_length=40)
    source_words = models.TextField()
    words = models.TextField()
    reason = models.TextField(_("reason"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    author_name = models.CharField(max_length=255, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("accepted warning")
        verbose_name_plural = _("accepted warnings")

    def __str__(self) -> str:
        return f"{self.check_name}: {self.reason}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.author_name = self.author_name or str(self.author or "")[:255]
        super().save(*args, **kwargs)
