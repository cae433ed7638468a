"""Subsidiary legislation made under an Act."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.api import APIField
from wagtail.search import index
from wagtail_localize.fields import BaseTranslatableField, SynchronizedField

from cms.snippets.models.act import Act
from cms.snippets.models.base import SluggedSnippet
from cms.snippets.models.legal_status import LegalStatus
from cms.snippets.models.source import SourcedMixin
from cms.snippets.panels import row, tabbed, title_panel
from cms.snippets.reference_field import ReferenceField


class Regulation(SluggedSnippet, SourcedMixin):
    """Regulations made under an Act."""

    title = models.CharField(
        verbose_name=_("title"),
        max_length=255,
        help_text=_("The regulations' official title in this language, with their year."),
    )
    act = models.ForeignKey(
        Act,
        verbose_name=_("act"),
        on_delete=models.PROTECT,
        related_name="regulations",
        help_text=_("The Act that they are made under."),
    )
    year = models.PositiveSmallIntegerField(
        verbose_name=_("year"),
        validators=[MinValueValidator(1800), MaxValueValidator(2200)],
        help_text=_("Year in the title."),
    )
    gazette_number = models.CharField(
        verbose_name=_("gazette number"),
        max_length=50,
        blank=True,
        help_text=_("P.U. number, for example P.U.(A) 1/1971. Leave empty while it is not known."),
    )
    status = models.CharField(
        verbose_name=_("legal status"),
        max_length=20,
        choices=LegalStatus.choices,
        default=LegalStatus.UNKNOWN,
        help_text=_("Whether the regulations are in force today."),
    )

    edit_handler = tabbed(
        [title_panel("title"), FieldPanel("act"), row("year", "gazette_number", "status")],
        sourced=True,
    )
    override_translatable_fields: ClassVar[list[BaseTranslatableField]] = [
        *SluggedSnippet.override_translatable_fields,
        *SourcedMixin.override_translatable_fields,
        ReferenceField("act"),
        SynchronizedField("gazette_number", overridable=False),
    ]
    search_fields: ClassVar[list[index.BaseField]] = [
        *SluggedSnippet.search_fields,
        index.SearchField("title", boost=2),
        index.AutocompleteField("title"),
        index.SearchField("gazette_number"),
        index.FilterField("title"),
        index.FilterField("act"),
        index.FilterField("gazette_number"),
        index.FilterField("year"),
        index.FilterField("status"),
    ]
    api_fields: ClassVar[list[APIField]] = [
        APIField("slug"),
        APIField("title"),
        APIField("act"),
        APIField("year"),
        APIField("gazette_number"),
        APIField("status"),
        APIField("source"),
        APIField("source_checked_on"),
        APIField("working_translation"),
    ]
    card_fields: ClassVar[list[str]] = [
        "slug",
        "title",
        "year",
        "gazette_number",
        "status",
        "working_translation",
    ]

    class Meta(SluggedSnippet.Meta):
        verbose_name = _("regulation")
        verbose_name_plural = _("regulations")
        ordering = ["year", "title"]

    def __str__(self) -> str:
        return self.title
