"""International conventions on which the organisation's work is based."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.api import APIField
from wagtail.search import index

from cms.snippets.models.base import SluggedSnippet
from cms.snippets.panels import row, tabbed, title_panel


class Convention(SluggedSnippet):
    """An international convention, such as ILO Convention 102 of 1952."""

    title = models.CharField(
        verbose_name=_("title"),
        max_length=255,
        help_text=_("The convention's official title in this language."),
    )
    body = models.CharField(
        verbose_name=_("adopting body"),
        max_length=255,
        help_text=_("Body that adopted the convention, for example the ILO."),
    )
    number = models.PositiveIntegerField(
        verbose_name=_("number"),
        validators=[MinValueValidator(1)],
        help_text=_("Number of the convention, for example 102."),
    )
    year = models.PositiveSmallIntegerField(
        verbose_name=_("year"),
        validators=[MinValueValidator(1800), MaxValueValidator(2200)],
        help_text=_("Year in which the convention was adopted."),
    )
    remarks = models.TextField(
        verbose_name=_("remarks"),
        blank=True,
        help_text=_("Short remark for readers."),
    )

    edit_handler = tabbed(
        [title_panel("title"), row("body", "number", "year"), FieldPanel("remarks")]
    )
    search_fields: ClassVar[list[index.BaseField]] = [
        *SluggedSnippet.search_fields,
        index.SearchField("title", boost=2),
        index.AutocompleteField("title"),
        index.SearchField("body"),
        index.SearchField("remarks"),
        index.FilterField("title"),
        index.FilterField("body"),
        index.FilterField("number"),
        index.FilterField("year"),
    ]
    api_fields: ClassVar[list[APIField]] = [
        APIField("slug"),
        APIField("title"),
        APIField("body"),
        APIField("number"),
        APIField("year"),
        APIField("remarks"),
        APIField("working_translation"),
    ]
    card_fields: ClassVar[list[str]] = [
        "slug",
        "title",
        "body",
        "number",
        "year",
        "working_translation",
    ]

    class Meta(SluggedSnippet.Meta):
        verbose_name = _("convention")
        verbose_name_plural = _("conventions")
        ordering = ["number", "year"]

    def __str__(self) -> str:
        return self.title
