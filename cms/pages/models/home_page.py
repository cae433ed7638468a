"""The home page of a language."""

from __future__ import annotations

from typing import ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail.api import APIField
from wagtail.fields import RichTextField
from wagtail.search import index

from cms.pages.blocks.rich_text import RICH_TEXT_FEATURES
from cms.pages.models.base import BasePage


class HomePage(BasePage):
    """Root of a language's pages: one in each locale."""

    intro = RichTextField(
        verbose_name=_("introduction"),
        features=RICH_TEXT_FEATURES,
        blank=True,
        help_text=_("Words of welcome at the top of the home page."),
    )

    parent_page_types: ClassVar[list[str]] = ["wagtailcore.Page"]
    subpage_types: ClassVar[list[str]] = ["pages.ProfilePage", "pages.StandardPage"]

    search_fields: ClassVar[list[index.BaseField]] = [
        *BasePage.search_fields,
        index.SearchField("intro"),
    ]
    api_fields: ClassVar[list[APIField]] = [APIField("intro"), *BasePage.api_fields]

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")
