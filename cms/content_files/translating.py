"""Writes a translation through wagtail-localize, as if a translator had typed every string."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_noop
from wagtail.models import Locale, Revision
from wagtail_localize.models import (
    SegmentOverride,
    StringSegment,
    StringTranslation,
    Translation,
    TranslationSource,
)
from wagtail_localize.strings import StringValue

from cms.content_files.content_fields import local_fields
from cms.content_files.plan import TranslatedEntry
from cms.content_files.problems import FileLocation, Problems
from cms.content_files.writing import find

#: Shown to translators next to each string ("Translated with ... on ...").
TOOL = gettext_noop("content files")


def edited_in_the_editor(entry: TranslatedEntry, locale: Locale) -> bool:
    """Whether a translator has saved or removed a string since the load, published or not.

    Words that were loaded are carried over to other words of the source, and then have no tool.
    """
    key = entry.source.translation_key
    if SegmentOverride.objects.filter(context__object_id=key, locale=locale).exists():
        return True
    strings = StringTranslation.objects.filter(context__object_id=key, locale=locale)
    loaded = strings.filter(tool_name=TOOL, data=OuterRef("data"))
    if strings.exclude(tool_name=TOOL).exclude(Exists(loaded)).exists():
        return True
    segments = StringSegment.objects.filter(source__object_id=key).annotate_translation(locale)
    return bool(segments.filter(translation=None).exists())


def write_translation(
    entry: TranslatedEntry, source_instance: Any, locale: Locale, problems: Problems
) -> Revision | None:
    """Publish the translation; returns its revision, or None if strings do not match.

    Each mismatch is added to `problems`.
    """
    source, _created = TranslationSource.update_or_create_from_instance(source_instance)
    translation, _created = Translation.objects.update_or_create(
        source=source, target_locale=locale, defaults={"enabled": True}
    )
    if not _translate_strings(entry, source, locale, problems):
        return None
    SegmentOverride.objects.filter(context__object_id=source.object_id, locale=locale).delete()
    if find(entry.source, locale) is None:
        translation.save_target(publish=False)
    target = find(entry.source, locale)
    _set_local_values(entry, target)
    translation.save_target(publish=True)
    translated: Any = find(entry.source, locale)
    published: Revision = translated.live_revision
    return published


def _set_local_values(entry: TranslatedEntry, target: Any) -> None:
    """Set local fields on the row; wagtail-localize leaves them as they are."""
    values = {
        name: entry.local_values.get(name, field.get_default())
        for name, field in local_fields(entry.source.entry_type.model).items()
    }
    if values:
        type(target)._default_manager.filter(pk=target.pk).update(**values)


def _translate_strings(
    entry: TranslatedEntry, source: TranslationSource, locale: Locale, problems: Problems
) -> bool:
    """Save the translation of each string of `source`, matched by content path and words."""
    wanted: dict[tuple[str, str], tuple[str, FileLocation]] = {}
    for keys, (words, location) in entry.texts.items():
        text = entry.source.texts[keys]
        wanted[text.content_path, _as_string(text.words)] = (_as_string(words), location)
    segments = StringSegment.objects.filter(source=source).select_related("string", "context")
    complete = True
    for segment in segments:
        found = wanted.pop((segment.context.path, segment.string.data), None)
        if found is None:
            problems.add(
                entry.location,
                f"The {source.locale.language_code} text at {segment.context.path} has no "
                f"translation: {segment.string.data!r}.",
            )
            complete = False
            continue
        StringTranslation.objects.update_or_create(
            translation_of=segment.string,
            context=segment.context,
            locale=locale,
            defaults={
                "data": found[0],
                "translation_type": StringTranslation.TRANSLATION_TYPE_MANUAL,
                "tool_name": TOOL,
                "last_translated_by": None,
                "has_error": False,
                "field_error": "",
            },
        )
    for (path, _string), (_words, location) in wanted.items():
        problems.add(location, f"wagtail-localize has no source text at {path}.")
        complete = False
    return complete


def _as_string(words: str) -> str:
    data: str = StringValue.from_plaintext(words).data
    return data
