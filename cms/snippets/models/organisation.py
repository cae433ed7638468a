"""The organisation itself: names, contact details and navigation."""

from __future__ import annotations

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.api import APIField
from wagtail.models import Orderable, TranslatableMixin
from wagtail.search import index
from wagtail_localize.fields import BaseTranslatableField, SynchronizedField

from cms.core.form_links import rows_panel
from cms.snippets.models.base import SluggedSnippet
from cms.snippets.panels import row, tabbed, title_panel


class Organisation(SluggedSnippet):  # type: ignore[django-manager-missing]
    """Names, contact details, copyright line and navigation: one in each locale.

    A snippet and not a Wagtail setting, because settings models cannot be translated.
    """

    name = models.CharField(
        verbose_name=_("name"),
        max_length=255,
        help_text=_("The organisation's full name in this language."),
    )
    short_name = models.CharField(
        verbose_name=_("short name"),
        max_length=50,
        help_text=_("The abbreviation used in this language, for example PERKESO or SOCSO."),
    )
    motto = models.CharField(
        verbose_name=_("motto"),
        max_length=255,
        blank=True,
        help_text=_("The organisation's motto."),
    )
    address = models.TextField(
        verbose_name=_("address"),
        blank=True,
        help_text=_("Postal address, line by line."),
    )
    email = models.EmailField(
        verbose_name=_("e-mail address"),
        blank=True,
        help_text=_(
            "Public e-mail address. It is given to front-ends in parts, so that it cannot be "
            "harvested. Leave empty while it is not confirmed."
        ),
    )
    copyright_line = models.CharField(
        verbose_name=_("copyright line"),
        max_length=255,
        blank=True,
        help_text=_("The line at the foot of every page."),
    )

    edit_handler = tabbed(
        [
            title_panel("name"),
            row("short_name", "motto"),
            MultiFieldPanel(
                [
                    FieldPanel("address"),
                    FieldPanel("email"),
                    rows_panel("phones", heading=_("Telephone numbers"), label=_("Number")),
                ],
                heading=_("Contact details"),
            ),
            rows_panel(
                "navigation",
                heading=_("Navigation"),
                label=_("Link"),
                help_text=_("Links of the main navigation, in the order in which they are shown."),
            ),
            FieldPanel("copyright_line"),
        ]
    )
    search_fields: ClassVar[list[index.BaseField]] = [
        *SluggedSnippet.search_fields,
        index.SearchField("name", boost=2),
        index.AutocompleteField("name"),
        index.SearchField("short_name"),
        index.AutocompleteField("short_name"),
        index.SearchField("address"),
    ]
    api_fields: ClassVar[list[APIField]] = [
        APIField("slug"),
        APIField("name"),
        APIField("short_name"),
        APIField("motto"),
        APIField("address"),
        APIField("phones"),
        APIField("email"),
        APIField("copyright_line"),
        APIField("navigation"),
        APIField("working_translation"),
    ]
    card_fields: ClassVar[list[str]] = [
        "slug",
        "name",
        "short_name",
        "motto",
        "address",
        "email",
        "copyright_line",
        "working_translation",
    ]

    class Meta(SluggedSnippet.Meta):
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name"]
        constraints = [
            *SluggedSnippet.Meta.constraints,
            models.UniqueConstraint(fields=["locale"], name="unique_organisation_locale"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.short_name})" if self.short_name else self.name

    def slug_source(self) -> str:
        return self.short_name or self.name

    @property
    def email_parts(self) -> tuple[str, str]:
        """The parts around the @, for templates, which never render the whole address."""
        local_part, _at, domain = self.email.rpartition("@")
        return local_part, domain

    def clean(self) -> None:
        """Refuse a second organisation in a locale."""
        super().clean()
        self.address = "\n".join(line.strip() for line in self.address.strip().splitlines())
        others = type(self)._default_manager.filter(locale_id=self.locale_id).exclude(pk=self.pk)
        if others.exists():
            raise ValidationError(
                _("There is already an organisation in this language. Edit that one instead.")
            )


class OrganisationPhone(TranslatableMixin, Orderable):
    """A telephone number of the organisation."""

    organisation = ParentalKey(Organisation, related_name="phones", on_delete=models.CASCADE)
    label = models.CharField(
        verbose_name=_("label"),
        max_length=100,
        blank=True,
        help_text=_("What the number is for, for example Customer service."),
    )
    number = models.CharField(
        verbose_name=_("telephone number"),
        max_length=50,
        help_text=_("The number as it is dialled in Malaysia, for example 1-300-22-8000."),
    )

    panels = [row("label", "number")]
    override_translatable_fields: ClassVar[list[BaseTranslatableField]] = [
        SynchronizedField("number", overridable=False),
    ]
    api_fields: ClassVar[list[APIField]] = [APIField("label"), APIField("number")]

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        verbose_name = _("telephone number")
        verbose_name_plural = _("telephone numbers")

    def __str__(self) -> str:
        return self.number


class NavigationItem(TranslatableMixin, Orderable):
    """A link in the main navigation: to a page or to another site, never both."""

    organisation = ParentalKey(Organisation, related_name="navigation", on_delete=models.CASCADE)
    label = models.CharField(
        verbose_name=_("label"),
        max_length=100,
        blank=True,
        help_text=_("Text of the link. If left empty, the page's title is used."),
    )
    page = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("page"),
        on_delete=models.CASCADE,
        related_name="+",
        null=True,
        blank=True,
        help_text=_("Page of this site. Readers get it in their own language."),
    )
    url = models.URLField(
        verbose_name=_("external address"),
        blank=True,
        help_text=_("Address on another site, if the link does not lead to a page of this site."),
    )

    panels = [FieldPanel("label"), FieldPanel("page"), FieldPanel("url")]
    api_fields: ClassVar[list[APIField]] = [APIField("label"), APIField("page"), APIField("url")]

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        verbose_name = _("navigation item")
        verbose_name_plural = _("navigation items")

    def __str__(self) -> str:
        return self.label or (str(self.page) if self.page_id else self.url)

    def clean(self) -> None:
        """Demand exactly one target, and words for a link that has no page to take them from."""
        super().clean()
        if self.page_id and self.url:
            raise ValidationError({"url": _("Choose a page or an external address, not both.")})
        if not self.page_id and not self.url:
            raise ValidationError({"page": _("Choose a page or give an external address.")})
        if self.url and not self.label:
            raise ValidationError({"label": _("A link to another site needs its own text.")})
