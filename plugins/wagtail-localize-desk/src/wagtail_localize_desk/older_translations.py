"""Translations from before the plugin: their strings, and what their published texts show."""

from __future__ import annotations

import json
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from wagtail.models import DraftStateMixin
from wagtail_localize.models import StringTranslation, Translation, TranslationLog

from wagtail_localize_desk.hand_written import record_by_hand
from wagtail_localize_desk.models import RevisionTexts
from wagtail_localize_desk.revision_texts import model_of
from wagtail_localize_desk.source_changes import follow_source
from wagtail_localize_desk.source_content import field_digests
from wagtail_localize_desk.written_strings import record_written


def unrecorded() -> QuerySet[Translation]:
    """Translations without any record of what they show."""
    records = RevisionTexts.objects.filter(
        object_key=OuterRef("source__object_id"),
        target_language=OuterRef("target_locale__language_code"),
    )
    found: QuerySet[Translation] = Translation.objects.filter(~Exists(records))
    return found.select_related("source__locale", "target_locale").order_by("pk")


def record_older_translations() -> int:
    """Record each of them; returns their number. Those that are recorded stay as they are."""
    count = 0
    for translation in unrecorded():
        with transaction.atomic():
            count += _record(translation)
    return count


def _record(translation: Translation) -> bool:
    """Record one translation; False if its page or snippet does not exist."""
    try:
        target = translation.get_target_instance()
    except ObjectDoesNotExist:
        return False
    source, locale = translation.source, translation.target_locale
    written = StringTranslation._base_manager.filter(
        context__object_id=source.object_id, locale=locale
    )
    # Those of former words of the source too, which the published text may still show.
    record_written(written.values_list("pk", flat=True), is_explicit=False)
    follow_source(source, [locale.language_code])
    record = record_by_hand(
        target,
        getattr(target, "live_revision", None),
        RevisionTexts(
            source_language=source.locale.language_code,
            target_language=locale.language_code,
            source_digests=_digests(translation, target),
        ),
    )
    published_at = getattr(target, "last_published_at", None)
    values: dict[str, Any] = {"is_by_hand": False}
    if published_at is not None:
        values["saved_at"] = published_at
    RevisionTexts.objects.filter(pk=record.pk).update(**values)
    return True


def _digests(translation: Translation, target: Any) -> dict[str, str]:
    """Digests of the content that a translation was made from; none if that is not known."""
    source = translation.source
    logs = TranslationLog.objects.filter(source=source, locale=translation.target_locale)
    if isinstance(target, DraftStateMixin) and target.last_published_at is not None:
        logs = logs.filter(created_at__lte=target.last_published_at)
    model, made = model_of(source), logs.order_by("-created_at").first()
    if model is None or made is None or source.last_updated_at > made.created_at:
        return {}
    return field_digests(model, json.loads(source.content_json))
