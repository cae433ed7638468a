"""The desk's rows name languages by code, and follow a locale whose code is changed."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import pre_save
from wagtail.models import Locale

from wagtail_localize_desk.models import RevisionTexts, TranslatedString


def rename_language(
    sender: type[Locale], instance: Locale, raw: bool = False, **kwargs: Any
) -> None:
    """Before a locale is saved with another code: give the code to its strings."""
    if raw or instance.pk is None:
        return
    before = Locale.objects.filter(pk=instance.pk).values_list("language_code", flat=True).first()
    if before is None or before == instance.language_code:
        return
    for model in (TranslatedString, RevisionTexts):
        for name in ("source_language", "target_language"):
            rows = model._default_manager.filter(**{name: before})
            rows.update(**{name: instance.language_code})


def register_signal_handlers() -> None:
    """Connect the signal handler."""
    pre_save.connect(rename_language, sender=Locale, dispatch_uid="wagtail_localize_desk.languages")
