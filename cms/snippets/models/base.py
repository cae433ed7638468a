"""The base of all snippets: drafts, workflow, locks, revisions, preview and translation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.text import camel_case_to_spaces, slugify
from django.utils.translation import gettext_lazy as _
from modelcluster.models import ClusterableModel
from wagtail.api import APIField
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    PreviewableMixin,
    RevisionMixin,
    TranslatableMixin,
    WorkflowMixin,
)
from wagtail.search import index
from wagtail_localize.fields import BaseTranslatableField, SynchronizedField

from cms.core.draft_slugs import slug_is_kept_for_draft
from cms.core.local_field import LocalField
from cms.core.preview_facts import preview_facts
from cms.core.working_translation import WorkingTranslationMixin

SLUG_LENGTH = 100


class Snippet(
    PreviewableMixin,
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    TranslatableMixin,
    WorkingTranslationMixin,
    index.Indexed,
    ClusterableModel,
):
    """Abstract base of all snippets.

    Each locale has its own publishing schedule, working-translation mark and note to editors, so
    these are neither translated nor copied when a translation is synchronised.
    """

    editor_note = models.TextField(
        verbose_name=_("note to editors"),
        blank=True,
        help_text=_(
            "What an editor should look into here. Never public; clear it when that is done."
        ),
    )

    override_translatable_fields: ClassVar[list[BaseTranslatableField]] = [
        LocalField("editor_note"),
        LocalField("working_translation"),
        LocalField("first_published_at"),
        LocalField("go_live_at"),
        LocalField("expire_at"),
    ]
    # State of the source's own lifecycle, not copied to its translations.
    exclude_fields_in_copy: ClassVar[list[str]] = [
        "editor_note",
        "first_published_at",
        "last_published_at",
        "live_revision",
        "go_live_at",
        "expire_at",
        "expired",
        "locked",
        "locked_at",
        "locked_by",
    ]
    # Fields that are public, and those on cards; each snippet sets both.
    api_fields: ClassVar[list[APIField]] = []
    card_fields: ClassVar[list[str]] = []
    # For the filters of the admin's search; none of these is text.
    search_fields: ClassVar[list[index.BaseField]] = [
        index.FilterField("locale"),
        index.FilterField("live"),
        index.FilterField("translation_key"),
        index.FilterField("working_translation"),
    ]

    class Meta(TranslatableMixin.Meta):
        abstract = True

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> list[str]:
        """`snippets/<model name in snake case>.html`, or a template that shows any snippet."""
        name = camel_case_to_spaces(type(self).__name__).replace(" ", "_")
        return [f"snippets/{name}.html", "snippets/any.html"]

    def preview_facts(self) -> Iterator[tuple[str, Any]]:
        """See `cms.core.preview_facts`."""
        return preview_facts(self)


class SluggedSnippet(Snippet):
    """Abstract base of snippets with a slug, the same in every locale."""

    slug = models.SlugField(
        verbose_name=_("identifier"),
        max_length=SLUG_LENGTH,
        blank=True,
        help_text=_(
            "Short identifier by which front-ends request this, the same in all languages. If "
            "left empty, it is made from the title. Change it only with good reason: links depend "
            "on it."
        ),
    )

    override_translatable_fields: ClassVar[list[BaseTranslatableField]] = [
        *Snippet.override_translatable_fields,
        SynchronizedField("slug", overridable=False),
    ]
    search_fields: ClassVar[list[index.BaseField]] = [
        *Snippet.search_fields,
        index.FilterField("slug"),
    ]

    class Meta(Snippet.Meta):
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["locale", "slug"], name="unique_%(class)s_slug"),
        ]

    def slug_source(self) -> str:
        """The text from which an empty slug is made."""
        return str(self)

    def fill_slug(self) -> None:
        """Set an empty slug to one that is free in this locale."""
        if self.slug:
            return
        stem = slugify(self.slug_source())[: SLUG_LENGTH - 5].strip("-") or str(
            self._meta.model_name
        )
        taken = set(
            self._others_in_locale().filter(slug__startswith=stem).values_list("slug", flat=True)
        )
        self.slug = stem
        number = 2
        while self.slug in taken:
            self.slug = f"{stem}-{number}"
            number += 1

    def clean(self) -> None:
        """Fill an empty slug; refuse one that another snippet of this type uses in this locale."""
        super().clean()
        self.fill_slug()
        others = self._others_in_locale()
        if others.filter(slug=self.slug).exists():
            raise ValidationError(
                {"slug": _("This identifier is already used by another entry in this language.")}
            )
        if slug_is_kept_for_draft(self.slug, self, others):
            raise ValidationError(
                {"slug": _("This identifier is reserved for another entry, whose draft uses it.")}
            )

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.fill_slug()
        super().save(*args, **kwargs)

    def _others_in_locale(self) -> models.QuerySet[Any]:
        # Wagtail sets the locale of objects made in code only on save.
        locale_id = self.locale_id or self.get_default_locale().pk
        return type(self)._default_manager.filter(locale_id=locale_id).exclude(pk=self.pk)
