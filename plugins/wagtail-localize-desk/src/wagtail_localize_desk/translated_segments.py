"""What is written into a translation: the values of all segments of its source.

As wagtail-localize's `_get_segments_for_translation`, without its second reading of the strings,
and with one query for all related objects of a type.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.contenttypes.models import ContentType
from wagtail.models import Locale
from wagtail_localize.models import (
    MissingRelatedObjectError,
    MissingTranslationError,
    OverridableSegment,
    RelatedObjectSegment,
    StringSegment,
    TemplateSegment,
    TranslationSource,
)
from wagtail_localize.segments import (
    OverridableSegmentValue,
    RelatedObjectSegmentValue,
    StringSegmentValue,
    TemplateSegmentValue,
)
from wagtail_localize.strings import StringValue

from wagtail_localize_desk.source_changes import Followed


def segment_values(
    source: TranslationSource, locale: Locale, followed: Followed, *, fallback: bool
) -> list[Any]:
    """The values to write into the translation of `source` in `locale`.

    With `fallback` a string without a translation has the source's words, and an object that is
    not translated is left out. Otherwise MissingTranslationError or MissingRelatedObjectError is
    raised.
    """
    values: list[Any] = list(_strings(source, locale, followed, fallback=fallback))
    if TemplateSegment in followed.other_kinds:
        values += _templates(source)
    if RelatedObjectSegment in followed.other_kinds:
        values += _related_objects(source, locale, fallback=fallback)
    if OverridableSegment in followed.other_kinds:
        values += _overrides(source, locale)
    return values


def _strings(
    source: TranslationSource, locale: Locale, followed: Followed, *, fallback: bool
) -> Iterator[StringSegmentValue]:
    for segment in followed.segments:
        words = followed.translation_of(segment, locale.language_code)
        if not words and not fallback:
            missing = StringSegment.objects.filter(source=source, order=segment.order)
            raise MissingTranslationError(missing.get(context=segment.context_id), locale)
        value = StringSegmentValue(
            segment.path, StringValue(words or segment.words), attrs=json.loads(segment.attrs)
        )
        yield value.with_order(segment.order)


def _templates(source: TranslationSource) -> Iterator[TemplateSegmentValue]:
    rows = TemplateSegment.objects.filter(source=source).values_list(
        "context__path",
        "template__template_format",
        "template__template",
        "template__string_count",
        "order",
    )
    for *values, order in rows:
        yield TemplateSegmentValue(*values, order=order)


def _related_objects(
    source: TranslationSource, locale: Locale, *, fallback: bool
) -> Iterator[RelatedObjectSegmentValue]:
    segments = list(
        RelatedObjectSegment.objects.filter(source=source).select_related("object", "context")
    )
    translated = _translated((segment.object for segment in segments), locale)
    for segment in segments:
        if segment.object_id in translated:
            yield RelatedObjectSegmentValue(
                segment.context.path,
                ContentType.objects.get_for_id(segment.object.content_type_id),
                segment.object_id,
                order=segment.order,
            )
        elif not fallback:
            raise MissingRelatedObjectError(segment, locale)


def _translated(objects: Iterable[Any], locale: Locale) -> set[Any]:
    """The translation keys of those objects that exist in `locale`."""
    keys: dict[int, set[Any]] = defaultdict(set)
    for each in objects:
        keys[each.content_type_id].add(each.translation_key)
    found: set[Any] = set()
    for content_type, wanted in keys.items():
        rows = ContentType.objects.get_for_id(content_type).get_all_objects_for_this_type(
            translation_key__in=wanted, locale=locale
        )
        found.update(rows.values_list("translation_key", flat=True))
    return found


def _overrides(source: TranslationSource, locale: Locale) -> Iterator[OverridableSegmentValue]:
    rows = (
        OverridableSegment.objects.filter(source=source)
        .annotate_override_json(locale)
        .filter(override_json__isnull=False)
        .values_list("context__path", "override_json", "order")
    )
    for path, data, order in rows:
        yield OverridableSegmentValue(path, json.loads(data), order=order)
