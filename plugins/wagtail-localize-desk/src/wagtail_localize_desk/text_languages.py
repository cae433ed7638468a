"""The language of untranslated texts in a chain of translations.

Where Chinese is translated from English, and the English page still showed a text in Malay, a text
that is not translated into Chinese is Malay. The words tell: they are recorded as untranslated in
a version of the page that they came from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wagtail_localize_desk.models import RevisionTexts
from wagtail_localize_desk.revision_texts import ShownString, texts_in
from wagtail_localize_desk.untranslated import UntranslatedParts, UntranslatedTexts

#: A string by its content path and the hash of its words.
Words = tuple[str, str]


def languages_of(
    missing: UntranslatedTexts, texts: Mapping[str, Sequence[ShownString]], record: RevisionTexts
) -> UntranslatedTexts:
    """`missing` of the texts of `record`, with languages where they are not its source's.

    It takes a query for each language that the page came through.
    """
    words = {
        (path, string.source_hash)
        for path in missing.paths
        for string in texts[path]
        if not string.is_translated
    }
    found = _languages(record, words, frozenset({record.target_language}))
    parts, languages = dict(missing.parts), {}
    for path in missing.paths:
        spoken = {
            number: found.get((path, string.source_hash), record.source_language)
            for number, string in enumerate(texts[path])
            if not string.is_translated
        }
        first, *others = dict.fromkeys(spoken.values())
        if first != record.source_language:
            languages[path] = first
        if others:
            parts[path] = UntranslatedParts(len(texts[path]), frozenset(spoken), spoken)
    return UntranslatedTexts(missing.paths, parts, languages)


def _languages(record: RevisionTexts, words: set[Words], seen: frozenset[str]) -> dict[Words, str]:
    """The languages of those of `words` that were not translated into the source of `record`."""
    language = record.source_language
    if not words or language in seen:
        return {}
    above: dict[str, set[Words]] = {}
    left = set(words)
    records: Any = RevisionTexts.objects.filter(
        object_key=record.object_key, target_language=language
    ).order_by("-saved_at", "-pk")
    sources = {}
    for each in records.only("object_key", "source_language", "texts"):
        untranslated = {
            (path, string.source_hash)
            for path, strings in texts_in(each).items()
            for string in strings
            if not string.is_translated
        }
        if here := left & untranslated:
            above.setdefault(each.source_language, set()).update(here)
            sources[each.source_language] = each
            left -= here
        if not left:
            break
    found: dict[Words, str] = {}
    for source, here in above.items():
        found |= dict.fromkeys(here, source)
        found |= _languages(sources[source], here, seen | {language})
    return found
