"""Schemes of protection under an Act."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.api import APIField
from wagtail.search import index
from wagtail_localize.fields import BaseTranslatableField

from cms.snippets.models.act import Act
from cms.snippets.models.base import SluggedSnippet
from cms.snippets.panels import row, tabbed, title_panel
from cms.snippets.reference_field import ReferenceField


class Scheme(SluggedSnippet):
    """A scheme under an Act, with its position among the Act's schemes."""

    title = models.CharField(
        verbose_name=_("title"),
        max_length=255,
        help_text=_("The scheme's name in this language."),
    )
    act = models.ForeignKey(
        Act,
        verbose_name=_("act"),
        on_delete=models.PROTECT,
        related_name="schemes",
        help_text=_("The Act that the scheme rests on."),
    )
    summary = models.TextField(
        verbose_name=_("summary"),
        blank=True,
        help_text=_("One or two sentences on whom the scheme protects and against what."),
    )
    sort_order = models.PositiveSmallIntegerField(
        verbose_name=_("position"),
        default=1,
        help_text=_("Position among the schemes of the Act, 1 first."),
    )

    edit_handler = tabbed(
        [title_panel("title"), FieldPanel("act"), FieldPanel("summary"), row("sort_order")]
    )
    override_translatable_fields: ClassVar[list[BaseTranslatableField]] = [
        *SluggedSnippet.override_translatable_fields,
        ReferenceField("act"),
    ]
    search_fields: ClassVar[list[index.BaseField]] = [
        *SluggedSnippet.search_fields,
        index.SearchField("title", boost=2),
        index.AutocompleteField("title"),
        index.SearchField("summary"),
        index.FilterField("title"),
        index.FilterField("act"),
        index.FilterField("sort_order"),
    ]
    api_fields: ClassVar[list[APIField]] = [
        APIField("slug"),
        APIField("title"),
        APIField("act"),
        APIField("summary"),
        APIField("sort_order"),
        APIField("working_translation"),
    ]
    card_fields: ClassVar[list[str]] = [
        "slug",
        "title",
        "summary",
        "sort_order",
        "working_translation",
    ]

    class Meta(SluggedSnippet.Meta):
        verbose_name = _("scheme")
        verbose_name_plural = _("schemes")
        ordering = ["sort_order", "title"]

    def __str__(self) -> str:
        return self.title
