"""The rights that belong to no content type."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Publishing(models.Model):  # noqa: DJ008 - there are none to be named
    """Carries a permission, and has no rows. It has a table, as code that walks all models asks."""

    class Meta:
        default_permissions = ()
        permissions = (("publish_alone", _("Can publish without a second person")),)
        verbose_name = _("publishing")
