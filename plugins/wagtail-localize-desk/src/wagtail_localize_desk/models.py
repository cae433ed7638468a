"""Records of the source content behind each saved translation."""

from __future__ import annotations

import json

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail_localize.models import TranslationLog

from wagtail_localize_desk.source_content import field_digests
from wagtail_localize_desk.untranslated import (
    UntranslatedParts,
    UntranslatedTexts,
    untranslated_texts,
)


class TranslationOrigin(models.Model):
    """Record of one written translation, beside its entry in wagtail-localize's log.

    The status of a *published* translation is fixed when its revision is created. Translators may
    save strings later, and wagtail-localize replaces the source's strings when it syncs; neither
    changes the published text. The status is therefore stored here, not computed from the current
    strings.
    """

    log = models.OneToOneField(TranslationLog, on_delete=models.CASCADE, related_name="origin")
    source_digests = models.JSONField(
        help_text=_("Digest of each field of the source that the translation was made from.")
    )
    untranslated = models.JSONField(
        help_text=_("Content paths whose text was left in the source's language.")
    )

    untranslated_parts = models.JSONField(
        default=dict,
        help_text=_("For each of them that was translated in part, the strings that were not."),
    )

    class Meta:
        verbose_name = _("origin of a translation")
        verbose_name_plural = _("origins of translations")

    def __str__(self) -> str:
        return f"{self.log}"

    @classmethod
    def record(cls, log: TranslationLog) -> TranslationOrigin:
        """Record the origin of the translation in `log`; call it in the same transaction."""
        content_type = ContentType.objects.get_for_id(log.source.specific_content_type_id)
        model = content_type.model_class()
        texts = untranslated_texts(log.source, log.locale_id)
        return cls.objects.create(
            log=log,
            source_digests=field_digests(model, json.loads(log.source.content_json))
            if model
            else {},
            untranslated=sorted(texts.paths),
            untranslated_parts={
                path: {"count": parts.count, "numbers": sorted(parts.numbers)}
                for path, parts in texts.parts.items()
            },
        )

    def untranslated_texts(self) -> UntranslatedTexts:
        """The texts that were not translated."""
        return UntranslatedTexts(
            frozenset(self.untranslated),
            {
                path: UntranslatedParts(stored["count"], frozenset(stored["numbers"]))
                for path, stored in self.untranslated_parts.items()
            },
        )
