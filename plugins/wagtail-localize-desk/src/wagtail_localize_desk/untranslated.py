"""Finding the untranslated parts of a text."""

from __future__ import annotations

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from wagtail.models import Locale
from wagtail_localize.models import StringSegment, TranslationSource
from wagtail_localize.strings import StringValue


def untranslated_paths(source: TranslationSource, locale: Locale | int) -> frozenset[str]:
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
    )
    return frozenset(
        segment.context.path
        for segment in segments
        if not segment.translation
        and StringValue(segment.string.data).render_text().strip()
        and not _is_slug(model, segment.context.field_path)
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
