"""Pages of text and pictures."""

from __future__ import annotations

from typing import ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, Panel
from wagtail.api import APIField
from wagtail.fields import StreamField
from wagtail.search import index

from cms.pages.blocks.streams import BodyBlock
from cms.pages.models.base import BasePage


class StandardPage(BasePage):
    """A general page of text sections, pictures and call-outs."""

    body = StreamField(
        BodyBlock(),
        verbose_name=_("body"),
        blank=True,
        help_text=_("Parts of the page, in the order in which they are read."),
    )

    parent_page_types: ClassVar[list[str]] = [
        "pages.HomePage",
        "pages.ProfilePage",
        "pages.StandardPage",
    ]
    subpage_types: ClassVar[list[str]] = ["pages.StandardPage"]

    content_panels: ClassVar[list[Panel]] = [*BasePage.content_panels, FieldPanel("body")]
    search_fields: ClassVar[list[index.BaseField]] = [
        *BasePage.search_fields,
        index.SearchField("body"),
    ]
    api_fields: ClassVar[list[APIField]] = [APIField("body"), *BasePage.api_fields]

    class Meta:
        verbose_name = _("standard page")
        verbose_name_plural = _("standard pages")
