"""What each saved version of a translation shows, string by string.

A string shows a translation, and then of which source words, or still the source's own words.
Texts that were written outside the translation editor are recognised by their words.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import F
from wagtail.models import Locale, Revision
from wagtail_localize.models import Translation, TranslationSource

from wagtail_localize_desk.models import RevisionTexts, StringChange
from wagtail_localize_desk.source_changes import Followed
from wagtail_localize_desk.source_content import changed_fields, field_digests
from wagtail_localize_desk.untranslated import UntranslatedParts, UntranslatedTexts
from wagtail_localize_desk.wording import hash_of, is_blank


class ShownString(NamedTuple):
    """A string of a saved version: its row, the source words it is from, and whose words it has.

    Without a row it is ignored: slugs and blank strings, and text that has no source.
    """

    row: int | None
    source_hash: str
    is_translated: bool


#: The strings of each text, by content path.
Texts = dict[str, list[ShownString]]


def record_translation(
    source: TranslationSource,
    locale: Locale,
    revision: Revision | None,
    followed: Followed,
) -> RevisionTexts:
    """Record what was just written from the strings `followed`, in the same transaction."""
    model = model_of(source)
    return RevisionTexts.objects.create(
        object_key=source.object_id,
        source_language=source.locale.language_code,
        target_language=locale.language_code,
        revision=revision,
        is_by_hand=False,
        source_digests=field_digests(model, json.loads(source.content_json)) if model else {},
        texts=_texts_of_segments(locale.language_code, model, followed),
    )


def model_of(source: TranslationSource) -> type[models.Model] | None:
    content_type = ContentType.objects.get_for_id(source.specific_content_type_id)
    found: type[models.Model] | None = content_type.model_class()
    return found


def _texts_of_segments(
    language: str, model: type[models.Model] | None, followed: Followed
) -> Texts:
    """The strings that wagtail-localize puts into the translation now.

    A translation counts if it has no error; words that equal the source's are fine, as a person
    confirmed them.
    """
    rows = followed.rows.get(language, [])
    by_place = {(row.path, row.source_words): row for row in rows if row.number is not None}
    found: Texts = {}
    for segment in followed.segments:
        path, words = segment.path, segment.words
        row = by_place.get((path, words))
        shown = ShownString(None, "", True)
        if row is not None and not is_blank(words) and not is_slug(model, path):
            translation = followed.translation_of(segment, language)
            is_translated = not is_blank(translation)
            made_from = row.made_from if is_translated and translation == row.words else words
            shown = ShownString(row.pk, hash_of(made_from).hex, is_translated)
        found.setdefault(path, []).append(shown)
    return found


def texts_in(record: RevisionTexts) -> Texts:
    """The stored texts of a record."""
    return {
        path: [ShownString(*string) for string in strings] for path, strings in record.texts.items()
    }


def untranslated_in(texts: Mapping[str, Iterable[ShownString]]) -> UntranslatedTexts:
    """The texts that still have words of the source."""
    missing = {
        path: [not string.is_translated for string in strings] for path, strings in texts.items()
    }
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


def stale_in(
    texts: Mapping[str, Iterable[ShownString]], rows: Iterable[tuple[int, Any]]
) -> frozenset[str]:
    """Content paths of texts whose source has other words now, or none.

    `rows` are the current rows, as primary keys and hashes of their source.
    """
    now = {pk: source_hash.hex for pk, source_hash in rows}
    return frozenset(
        path
        for path, strings in texts.items()
        if any(
            string.row is not None and now.get(string.row) != string.source_hash
            for string in strings
        )
    )


def shows_strings(target: Any, translation: Translation) -> bool:
    """Whether the latest draft of the target is what its strings and its source give now.

    Then it stays as it is, with what is no string: a mark, or another picture.
    """
    draft = target.latest_revision
    if draft is None:
        return False
    source = translation.source
    record = RevisionTexts.objects.filter(revision=draft, is_by_hand=False).last()
    model = model_of(source)
    if record is None or model is None:
        return False
    if changed_fields(
        model, record.source_digests, field_digests(model, json.loads(source.content_json))
    ):
        return False
    changes = StringChange.objects.filter(
        string__object_key=source.object_id,
        string__target_language=translation.target_locale.language_code,
        at__gt=draft.created_at,
    )
    return not changes.exclude(words_after=F("words_before")).exists()


def is_slug(model: type[models.Model] | None, path: str) -> bool:
    """Whether the text at a content path is an address and no prose."""
    steps = iter(path.split("."))
    for name in steps:
        if model is None:
            return False
        try:
            field = model._meta.get_field(name)
        except FieldDoesNotExist:
            return False
        if isinstance(field, models.SlugField):
            return True
        if field.one_to_many:
            next(steps, None)  # the translation key of the child
        related = field.related_model
        model = related if isinstance(related, type) else None
    return False
