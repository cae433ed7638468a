"""Finding the untranslated parts of a text."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from wagtail.models import Locale
from wagtail_localize.models import StringSegment, TranslationSource
from wagtail_localize.strings import StringValue


@dataclass(frozen=True)
class UntranslatedParts:
    """The strings of one text that are not translated, if others are.

    They are numbered from 0 in the order in which wagtail-localize extracts them from rich text.
    """

    #: Number of all strings of the text.
    count: int
    numbers: frozenset[int]


class UntranslatedTexts(NamedTuple):
    """The texts of a page or snippet that are not translated."""

    paths: frozenset[str]
    #: Those of them that are translated in part.
    parts: dict[str, UntranslatedParts]


def untranslated_texts(source: TranslationSource, locale: Locale | int) -> UntranslatedTexts:
    """Content paths of `source` that have untranslated text in `locale`, in one query.

    A string is translated if it has a translation without an error; identical words are fine, as a
    person confirmed them. Blank strings and slugs are ignored.
    """
    content_type = ContentType.objects.get_for_id(source.specific_content_type_id)
    model = content_type.model_class()
    segments = (
        StringSegment.objects.filter(source=source)
        .annotate_translation(locale)
        .select_related("context", "string")
        .order_by("order")
    )
    missing: dict[str, list[bool]] = defaultdict(list)
    for segment in segments:
        missing[segment.context.path].append(
            not segment.translation
            and bool(StringValue(segment.string.data).render_text().strip())
            and not _is_slug(model, segment.context.field_path)
        )
    return UntranslatedTexts(
        frozenset(path for path, strings in missing.items() if any(strings)),
        {
            path: UntranslatedParts(
                len(strings), frozenset(number for number, found in enumerate(strings) if found)
            )
            for path, strings in missing.items()
            if any(strings) and not all(strings)
        },
    )


def _is_slug(model: type[models.Model] | None, field_path: str) -> bool:
    for name in field_path.split("."):
        if model is None:
            return False
        try:
            field = model._meta.get_field(name)
        except FieldDoesNotExist:
            return False
        if isinstance(field, models.SlugField):
            return True
        related = field.related_model
        model = related if isinstance(related, type) else None
    return False
