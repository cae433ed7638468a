"""Wrong attempts with shared passwords; django-axes and django-otp keep those of accounts."""

from __future__ import annotations

from django.db import models


class SharedPasswordFailure(models.Model):
    """One wrong password for a private page or collection, kept while it counts."""

    #: The restriction that the password opens, such as `collection 3`.
    restriction = models.CharField(max_length=40)
    address = models.GenericIPAddressField(null=True)
    attempted_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["address", "restriction"])]

    def __str__(self) -> str:
        return f"{self.restriction} from {self.address}"
