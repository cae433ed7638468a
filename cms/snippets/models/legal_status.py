"""Whether a law is in force."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class LegalStatus(models.TextChoices):
    """Status of an Act or a regulation; "unknown" is an explicit value."""

    IN_FORCE = "in_force", _("In force")
    NOT_YET_IN_FORCE = "not_yet_in_force", _("Not yet in force")
    REPEALED = "repealed", _("Repealed")
    UNKNOWN = "unknown", _("Unknown")
