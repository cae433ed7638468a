"""What every page of PERKESO CMS has: a summary, a picture for sharing, a translation mark."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.api import APIField
from wagtail.images import get_image_model_string
from wagtail.models import Page
from wagtail.search import index
from wagtail_localize.fields import BaseTranslatableField

from cms.snippets.models.working_translation import WorkingTranslationMixin
from cms.snippets.translatable_fields import LocalField


class BasePage(WorkingTranslationMixin, Page):
    """Abstract base of all page types."""

    summary = models.TextField(
        verbose_name=_("summary"),
        blank=True,
        help_text=_("One or two sentences that stand for the page in lists and cards."),
    )
    social_image = models.ForeignKey(
        get_image_model_string(),
        verbose_name=_("image for sharing"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Shown where the page is shared or listed. Best at least 1200 pixels wide."),
    )

    override_translatable_fields: ClassVar[list[BaseTranslatableField]] = [
        LocalField("working_translation"),
    ]
    search_fields: ClassVar[list[index.BaseField]] = [
        *Page.search_fields,
        index.SearchField("summary"),
    ]
    api_fields: ClassVar[list[APIField]] = [
        APIField("summary"),
        APIField("social_image"),
        APIField("working_translation"),
    ]
    card_fields: ClassVar[list[str]] = ["summary", "working_translation"]

    class Meta:
        abstract = True
