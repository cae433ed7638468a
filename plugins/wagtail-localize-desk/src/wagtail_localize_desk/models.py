"""What a saved translation was made from."""

from __future__ import annotations

import json

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail_localize.models import TranslationLog

from wagtail_localize_desk.source_content import field_digests
from wagtail_localize_desk.untranslated import untranslated_paths


class TranslationOrigin(models.Model):
    """Noted each time a translation is written, beside wagtail-localize's log of it.

    How far a *published* text is translated is settled when its revision is made; what translators
    save in the editor afterwards is not public and must not change it, and neither may the source's
    strings, which wagtail-localize replaces when it synchronises them. So it is kept here instead
    of being worked out from the translations as they are at the moment of asking.
    """

    log = models.OneToOneField(TranslationLog, on_delete=models.CASCADE, related_name="origin")
    source_digests = models.JSONField(
        help_text=_("Digest of each field of the source that the translation was made from.")
    )
    untranslated = models.JSONField(
        help_text=_("Content paths whose text was left in the source's language.")
    )

    class Meta:
        verbose_name = _("origin of a translation")
        verbose_name_plural = _("origins of translations")

    def __str__(self) -> str:
        return f"{self.log}"

    @classmethod
    def record(cls, log: TranslationLog) -> TranslationOrigin:
        """Note what the translation of `log` is made from; call it in the same transaction."""
        content_type = ContentType.objects.get_for_id(log.source.specific_content_type_id)
        model = content_type.model_class()
        return cls.objects.create(
            log=log,
            source_digests=field_digests(model, json.loads(log.source.content_json))
            if model
            else {},
            untranslated=sorted(untranslated_paths(log.source, log.locale_id)),
        )
