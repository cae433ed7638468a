"""The strings of a translation for a file, each with the place where its translator finds it."""

from __future__ import annotations

from typing import Any

import polib
from wagtail_localize.models import Translation

from wagtail_localize_desk.exchange.entries import ExportedString, FileFormat
from wagtail_localize_desk.exchange.po import catalogue_of
from wagtail_localize_desk.models import TranslatedString
from wagtail_localize_desk.screen.rows import rows_of_translation, sections_of


def export(translation: Translation, file_format: FileFormat) -> bytes:
    """A file of all strings of a translation."""
    return file_format.write(translation, strings_of(translation), former_strings(translation))


def export_po(translation: Translation) -> polib.POFile:
    """The strings as polib has them, for code that exports and imports by itself."""
    return catalogue_of(translation, strings_of(translation), former_strings(translation))


def strings_of(translation: Translation) -> list[ExportedString]:
    """All strings, in the order of the screen."""
    model = translation.source.specific_content_type.model_class()
    found = []
    for section in sections_of(rows_of_translation(translation, model)):
        heading = f"{section.title}: {section.heading}" if section.heading else section.title
        for row in section.rows:
            name = row.place.name
            found.append(ExportedString(row, f"{heading} › {name}" if name else heading))
    return found


def former_strings(translation: Translation) -> list[Any]:
    """The strings with words that the source had, the latest of each place and source."""
    strings = TranslatedString.objects.filter(
        object_key=translation.source.object_id,
        target_language=translation.target_locale.language_code,
    )
    current = set(strings.filter(number__isnull=False).values_list("path", "source_words"))
    former = strings.filter(number__isnull=True).exclude(words="").order_by("pk")
    by_place = {(string.path, string.source_words): string for string in former}
    return [string for key, string in by_place.items() if key not in current]
