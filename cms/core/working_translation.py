"""The mark on content whose text is not official yet."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class WorkingTranslationMixin(models.Model):
    """A mark for working translations, set separately in each locale."""

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
