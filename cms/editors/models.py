"""The rights that belong to no content type."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Publishing(models.Model):  # noqa: DJ008 - there are none to be named
    """Carries a permission. It has no table and no rows."""

    class Meta:
        managed = False
        default_permissions = ()
        permissions = (("publish_alone", _("Can publish without a second person")),)
        verbose_name = _("publishing")
