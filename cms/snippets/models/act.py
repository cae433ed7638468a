"""Acts of Parliament that the organisation administers."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.api import APIField
from wagtail.search import index
from wagtail_localize.fields import BaseTranslatableField, SynchronizedField

from cms.snippets.models.base import SluggedSnippet
from cms.snippets.models.legal_status import LegalStatus
from cms.snippets.models.source import SourcedMixin
from cms.snippets.panels import row, tabbed, title_panel


class Act(SluggedSnippet, SourcedMixin):
    """An Act. Empty dates and languages are unknown, and shown as such."""

    class Language(models.TextChoices):
        """Possible authoritative languages of a federal law (National Language Act)."""

        MALAY = "ms", _("Malay")
        ENGLISH = "en", _("English")

    title = models.CharField(
        verbose_name=_("short title"),
        max_length=255,
        help_text=_("The Act's official short title in this language, with its year."),
    )
    number = models.PositiveIntegerField(
        verbose_name=_("number"),
        validators=[MinValueValidator(1)],
        help_text=_("Number of the Act in the Laws of Malaysia, for example 4."),
    )
    year = models.PositiveSmallIntegerField(
        verbose_name=_("year"),
        validators=[MinValueValidator(1800), MaxValueValidator(2200)],
        help_text=_("Year in the Act's short title."),
    )
    abbreviation = models.CharField(
        verbose_name=_("abbreviation"),
        max_length=50,
        blank=True,
        help_text=_("Abbreviation used in texts, for example AKSP. Empty if there is none."),
    )
    authoritative_language = models.CharField(
        verbose_name=_("authoritative language"),
        max_length=2,
        choices=Language.choices,
        blank=True,
        help_text=_("Language of the text that prevails. Leave empty while it is not known."),
    )
    assent_date = models.DateField(
        verbose_name=_("date of royal assent"),
        null=True,
        blank=True,
        help_text=_("Leave empty while it is not confirmed; it is then shown as unknown."),
    )
    gazette_date = models.DateField(
        verbose_name=_("date of publication in the Gazette"),
        null=True,
        blank=True,
        help_text=_("Leave empty while it is not confirmed; it is then shown as unknown."),
    )
    in_force_date = models.DateField(
        verbose_name=_("date of coming into force"),
        null=True,
        blank=True,
        help_text=_("Leave empty while it is not confirmed; it is then shown as unknown."),
    )
    status = models.CharField(
        verbose_name=_("legal status"),
        max_length=20,
        choices=LegalStatus.choices,
        default=LegalStatus.UNKNOWN,
        help_text=_("Whether the Act is in force today."),
    )
    brand = models.CharField(
        verbose_name=_("public brand"),
        max_length=100,
        blank=True,
        help_text=_("Name under which the Act's protection is known to the public."),
    )
    brand_since = models.DateField(
        verbose_name=_("brand used since"),
        null=True,
        blank=True,
        help_text=_("Date since which the public brand has been used. Empty if it is not known."),
    )
    remarks = models.TextField(
        verbose_name=_("remarks"),
        blank=True,
        help_text=_("Short remark for readers, for example from when benefits are paid."),
    )

    edit_handler = tabbed(
        [
            title_panel("title"),
            row("number", "year", "abbreviation"),
            MultiFieldPanel(
                [
                    row("status", "authoritative_language"),
                    # Two per row: next to the preview there is no room for a third.
                    row("assent_date", "gazette_date"),
                    row("in_force_date"),
                ],
                heading=_("Legal particulars"),
            ),
            MultiFieldPanel([row("brand", "brand_since")], heading=_("Public brand")),
            FieldPanel("remarks"),
        ],
        sourced=True,
    )
    override_translatable_fields: ClassVar[list[BaseTranslatableField]] = [
        *SluggedSnippet.override_translatable_fields,
        *SourcedMixin.override_translatable_fields,
        # Names used unchanged in every language, unless a translator overrides one.
        SynchronizedField("abbreviation"),
        SynchronizedField("brand"),
    ]
    search_fields: ClassVar[list[index.BaseField]] = [
        *SluggedSnippet.search_fields,
        index.SearchField("title", boost=2),
        index.AutocompleteField("title"),
        index.SearchField("abbreviation"),
        index.AutocompleteField("abbreviation"),
        index.SearchField("brand"),
        index.AutocompleteField("brand"),
        index.SearchField("remarks"),
        index.FilterField("title"),
        index.FilterField("number"),
        index.FilterField("year"),
        index.FilterField("status"),
        index.FilterField("authoritative_language"),
        index.FilterField("in_force_date"),
    ]
    api_fields: ClassVar[list[APIField]] = [
        APIField("slug"),
        APIField("title"),
        APIField("number"),
        APIField("year"),
        APIField("abbreviation"),
        APIField("authoritative_language"),
        APIField("assent_date"),
        APIField("gazette_date"),
        APIField("in_force_date"),
        APIField("status"),
        APIField("brand"),
        APIField("brand_since"),
        APIField("remarks"),
        APIField("source"),
        APIField("source_checked_on"),
        APIField("regulations"),
        APIField("schemes"),
        APIField("working_translation"),
    ]
    card_fields: ClassVar[list[str]] = [
        "slug",
        "title",
        "number",
        "year",
        "abbreviation",
        "status",
        "brand",
        "working_translation",
    ]

    class Meta(SluggedSnippet.Meta):
        verbose_name = _("act")
        verbose_name_plural = _("acts")
        ordering = ["number", "year"]
        constraints = [
            *SluggedSnippet.Meta.constraints,
            models.UniqueConstraint(
                fields=["locale", "number", "year"], name="unique_act_number_year"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def slug_source(self) -> str:
        return f"akta-{self.number}" if self.number else self.title

    def clean(self) -> None:
        """Refuse a second Act with the same number and year, and impossible dates.

        Coming into force before the Gazette is allowed: Article 66(5) of the Federal Constitution
        lets Parliament make laws with retrospective effect.
        """
        errors: dict[str, Any] = {}
        try:
            super().clean()
        except ValidationError as problem:
            # Report all errors at once.
            errors = problem.update_error_dict(errors)
        if self._others_in_locale().filter(number=self.number, year=self.year).exists():
            errors["number"] = _("This language already has an Act of this number and year.")
        if self.assent_date and self.gazette_date and self.gazette_date < self.assent_date:
            errors["gazette_date"] = _("An Act is published in the Gazette after royal assent.")
        if self.brand_since and not self.brand:
            errors["brand"] = _("Name the brand that has been used since this day.")
        if errors:
            raise ValidationError(errors)
