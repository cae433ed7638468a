"""The organisation's profile."""

from __future__ import annotations

from typing import ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, Panel
from wagtail.api import APIField
from wagtail.fields import RichTextField, StreamField
from wagtail.search import index

from cms.pages.blocks.rich_text import RICH_TEXT_FEATURES
from cms.pages.blocks.streams import ProfileSectionsBlock
from cms.pages.models.base import BasePage


class ProfilePage(BasePage):
    """The organisation's profile: typed sections in reading order."""

    introduction = RichTextField(
        verbose_name=_("introduction"),
        features=RICH_TEXT_FEATURES,
        blank=True,
        help_text=_("Text above the first section."),
    )
    sections = StreamField(
        ProfileSectionsBlock(),
        verbose_name=_("sections"),
        blank=True,
        help_text=_("Parts of the profile, in the order in which they are read."),
    )

    parent_page_types: ClassVar[list[str]] = ["pages.HomePage"]
    subpage_types: ClassVar[list[str]] = ["pages.StandardPage"]
    max_count_per_parent = 1

    content_panels: ClassVar[list[Panel]] = [
        *BasePage.content_panels,
        FieldPanel("introduction"),
        FieldPanel("sections"),
    ]
    search_fields: ClassVar[list[index.BaseField]] = [
        *BasePage.search_fields,
        index.SearchField("introduction"),
        index.SearchField("sections"),
    ]
    api_fields: ClassVar[list[APIField]] = [
        APIField("introduction"),
        APIField("sections"),
        *BasePage.api_fields,
    ]

    class Meta:
        verbose_name = _("profile page")
        verbose_name_plural = _("profile pages")
