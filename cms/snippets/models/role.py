"""The organisation's principal roles."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel
from wagtail.api import APIField
from wagtail.models import Orderable, TranslatableMixin
from wagtail.search import index
from wagtail_localize.fields import BaseTranslatableField

from cms.core.form_links import rows_panel
from cms.snippets.models.act import Act
from cms.snippets.models.base import SluggedSnippet
from cms.snippets.panels import row, tabbed, title_panel
from cms.snippets.reference_field import ReferenceField


class Role(SluggedSnippet):  # type: ignore[django-manager-missing]
    """One of the organisation's roles: a sentence, its position, and the Acts that it rests on."""

    text = models.TextField(
        verbose_name=_("text"),
        help_text=_("The role as one sentence, word for word as the organisation states it."),
    )
    sort_order = models.PositiveSmallIntegerField(
        verbose_name=_("position"),
        default=1,
        help_text=_("Position among the roles, 1 first."),
    )

    edit_handler = tabbed(
        [
            title_panel("text"),
            row("sort_order"),
            rows_panel(
                "acts",
                heading=_("Acts"),
                label=_("Act"),
                help_text=_("Acts that this role rests on, in the order in which it names them."),
            ),
        ]
    )
    search_fields: ClassVar[list[index.BaseField]] = [
        *SluggedSnippet.search_fields,
        index.SearchField("text"),
        index.AutocompleteField("text"),
        index.FilterField("sort_order"),
    ]
    api_fields: ClassVar[list[APIField]] = [
        APIField("slug"),
        APIField("text"),
        APIField("sort_order"),
        APIField("acts"),
        APIField("working_translation"),
    ]
    card_fields: ClassVar[list[str]] = ["slug", "text", "sort_order", "working_translation"]

    class Meta(SluggedSnippet.Meta):
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        ordering = ["sort_order", "slug"]

    def __str__(self) -> str:
        # An explicit ellipsis: Django's default depends on the active language.
        return Truncator(self.text).chars(80, truncate="…")


class RoleAct(TranslatableMixin, Orderable):
    """An Act that a role rests on, in order."""

    role = ParentalKey(Role, related_name="acts", on_delete=models.CASCADE)
    act = models.ForeignKey(
        Act,
        verbose_name=_("act"),
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("An Act that this role rests on."),
    )

    panels = [FieldPanel("act")]
    override_translatable_fields: ClassVar[list[BaseTranslatableField]] = [ReferenceField("act")]
    api_fields: ClassVar[list[APIField]] = [APIField("act")]

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        verbose_name = _("act of a role")
        verbose_name_plural = _("acts of a role")

    def __str__(self) -> str:
        return str(self.act)
