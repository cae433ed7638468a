"""The mark of a text that is not yet official."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class WorkingTranslationMixin(models.Model):
    """For content that may be a working translation; each locale decides for itself."""

    working_translation = models.BooleanField(
        verbose_name=_("working translation"),
        default=False,
        help_text=_(
            "Tick while this text is a working translation that the organisation has not yet "
            "approved as official. Readers are told so."
        ),
    )

    class Meta:
        abstract = True
