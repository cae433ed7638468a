"""The home page of a language."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, Panel
from wagtail.api import APIField
from wagtail.fields import RichTextField
from wagtail.models import Locale, Page, PagePermissionTester
from wagtail.search import index

from cms.pages.blocks.rich_text import RICH_TEXT_FEATURES
from cms.pages.models.base import BasePage


class HomePagePermissionTester(PagePermissionTester):
    """Only superusers may delete or unpublish a home page: its language's URLs depend on it."""

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        return self.user.is_superuser and super().can_delete(ignore_bulk)

    def can_unpublish(self) -> bool:
        return self.user.is_superuser and super().can_unpublish()

    def can_copy(self) -> bool:
        """Always False: a copy would be a second home page in its language."""
        return False


class HomePage(BasePage):
    """Root of a language's pages: one in each locale."""

    intro = RichTextField(
        verbose_name=_("introduction"),
        features=RICH_TEXT_FEATURES,
        blank=True,
        help_text=_("Words of welcome at the top of the home page."),
    )

    parent_page_types: ClassVar[list[str]] = ["wagtailcore.Page"]

    content_panels: ClassVar[list[Panel]] = [*BasePage.content_panels, FieldPanel("intro")]
    search_fields: ClassVar[list[index.BaseField]] = [
        *BasePage.search_fields,
        index.SearchField("intro"),
    ]
    api_fields: ClassVar[list[APIField]] = [APIField("intro"), *BasePage.api_fields]

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

    @classmethod
    def can_create_at(cls, parent: Page) -> bool:
        """Only while a language has no home page."""
        taken = cls.objects.values("locale_id")
        return super().can_create_at(parent) and Locale.objects.exclude(pk__in=taken).exists()

    def permissions_for_user(self, user: Any) -> PagePermissionTester:
        return HomePagePermissionTester(user, self)

    def clean(self) -> None:
        """Refuse a second home page in a locale."""
        super().clean()
        if HomePage.objects.filter(locale_id=self.locale_id).exclude(pk=self.pk).exists():
            raise ValidationError(_("There is already a home page in this language."))
