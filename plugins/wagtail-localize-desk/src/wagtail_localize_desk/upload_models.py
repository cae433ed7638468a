"""Uploaded files that wait for their uploader to confirm what they would change."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail_localize.models import Translation

LIFETIME = timedelta(days=1)
#: How many uploads of one account wait at a time.
MOST_OF_ONE_USER = 10


class UploadedTranslations(models.Model):
    """A file byte by byte, kept in the database, which all processes of a server share."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    #: wagtail-localize's id of the translation.
    translation = models.UUIDField()
    file_name = models.CharField(max_length=255)
    content = models.BinaryField()
    uploaded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("uploaded translations")
        verbose_name_plural = _("uploaded translations")

    def __str__(self) -> str:
        return self.file_name

    @classmethod
    def keep(
        cls, user: Any, translation: Translation, file_name: str, content: bytes
    ) -> UploadedTranslations:
        """Keep a file in the place of the user's earlier one for the same translation."""
        with transaction.atomic():
            cls.objects.filter(uploaded_at__lt=timezone.now() - LIFETIME).delete()
            own = cls.objects.filter(user=user)
            own.filter(translation=translation.uuid).delete()
            newest = own.order_by("-uploaded_at").values_list("pk", flat=True)
            own.filter(pk__in=list(newest[MOST_OF_ONE_USER - 1 :])).delete()
            return cls.objects.create(
                user=user,
                translation=translation.uuid,
                file_name=file_name[-255:],
                content=content,
            )

    @property
    def is_expired(self) -> bool:
        return self.uploaded_at < timezone.now() - LIFETIME
