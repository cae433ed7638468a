"""Translate content through wagtail-localize, as the translation editor does."""

from __future__ import annotations

import json
from typing import Any

from django.utils import timezone
from wagtail.models import Locale
from wagtail_localize.models import (
    OverridableSegment,
    SegmentOverride,
    StringSegment,
    StringTranslation,
    Translation,
    TranslationSource,
)
from wagtail_localize.operations import translate_object


def submit_for_translation(content: Any, locale: Locale) -> Translation:
    """Submit content for translation into a locale; returns the translation record."""
    translate_object(content, [locale])
    source = TranslationSource.objects.get_for_instance(content)
    return Translation.objects.get(source=source, target_locale=locale)


def translate_texts(translation: Translation, prefix: str = "EN ") -> None:
    """Translate every text by adding a prefix to it."""
    for segment in StringSegment.objects.filter(source=translation.source):
        text = segment.string.data
        StringTranslation.objects.update_or_create(
            translation_of=segment.string,
            context=segment.context,
            locale=translation.target_locale,
            defaults={
                "data": text.lower() if segment.context.path == "slug" else f"{prefix}{text}",
                "updated_at": timezone.now(),
            },
        )


def override(translation: Translation, path: str, value: Any) -> None:
    """Override a synchronised value in this locale."""
    segment = OverridableSegment.objects.get(source=translation.source, context__path=path)
    SegmentOverride.objects.update_or_create(
        locale=translation.target_locale,
        context=segment.context,
        defaults={"data_json": json.dumps(value)},
    )


def translate(content: Any, locale: Locale) -> Any:
    """Translate every text of live content and publish; returns the translation."""
    translation = submit_for_translation(content, locale)
    translate_texts(translation)
    translation.save_target()
    return publish(translation)


def synchronise(content: Any, locale: Locale) -> Any:
    """Update the translation from the current source, as "Sync translations" does, and publish."""
    source, _created = TranslationSource.update_or_create_from_instance(content)
    translation = Translation.objects.get(source=source, target_locale=locale)
    translate_texts(translation)
    translation.save_target()
    return publish(translation)


def publish(translation: Translation) -> Any:
    """Publish the saved translation; returns it as it is in the database then."""
    target = translation.get_target_instance()
    target.get_latest_revision().publish()
    target.refresh_from_db()
    return target


def screen_rows(response: Any, kind: str) -> list[Any]:
    """The strings (`string`) or other values (`override`, `related`) of the translators' screen."""
    assert response.status_code == 200
    rows = [row for section in response.context["sections"] for row in section.rows]
    return [row for row in rows if row.kind == kind]
