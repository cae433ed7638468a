"""The source of facts, and the date on which they were checked."""

from __future__ import annotations

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail_localize.fields import BaseTranslatableField, SynchronizedField


class SourcedMixin(models.Model):
    """For content whose facts have a source, the same in every locale."""

    source = models.TextField(
        verbose_name=_("source"),
        blank=True,
        help_text=_("Where these facts were checked: gazette number, publication or web address."),
    )
    source_checked_on = models.DateField(
        verbose_name=_("source checked on"),
        null=True,
        blank=True,
        help_text=_("Day on which the facts were last compared with the source."),
    )

    override_translatable_fields: ClassVar[list[BaseTranslatableField]] = [
        SynchronizedField("source", overridable=False),
    ]

    class Meta:
        abstract = True

    def clean(self) -> None:
        """Refuse a date in the future."""
        super().clean()
        if self.source_checked_on and self.source_checked_on > timezone.localdate():
            raise ValidationError({"source_checked_on": _("This date is in the future.")})
