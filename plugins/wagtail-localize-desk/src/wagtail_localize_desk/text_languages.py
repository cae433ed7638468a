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

    A string that is in the page's own language after all, because it came from there, is not
    missing. It takes a query for each language that the page came through.
    """
    words = {
        (path, string.source_hash)
        for path in missing.paths
        for string in texts[path]
        if not string.is_translated
    }
    found = _languages(record, words)
    parts, languages, own = dict(missing.parts), {}, set()
    for path in missing.paths:
        spoken = {
            number: language
            for number, string in enumerate(texts[path])
            if not string.is_translated
            and (language := found.get((path, string.source_hash), record.source_language))
            != record.target_language
        }
        if not spoken:
            own.add(path)
            parts.pop(path, None)
            continue
        first, *others = dict.fromkeys(spoken.values())
        if first != record.source_language:
            languages[path] = first
        if others or len(spoken) < len(texts[path]):
            parts[path] = UntranslatedParts(
                len(texts[path]), frozenset(spoken), spoken if others else {}
            )
    return UntranslatedTexts(missing.paths - own, parts, languages)


def _languages(record: RevisionTexts, words: set[Words]) -> dict[Words, str]:
    """The languages of those of `words` that were not translated into the source of `record`."""
    language = record.source_language
    above: dict[str, set[Words]] = {}
    left = set(words)
    # Words come from what was there before. Later, a page can be made again from its translation.
    records: Any = RevisionTexts.objects.filter(
        object_key=record.object_key, target_language=language, saved_at__lt=record.saved_at
    ).order_by("-saved_at", "-pk")
    sources: dict[str, RevisionTexts] = {}
    for each in records.only("object_key", "source_language", "saved_at", "texts"):
        untranslated = {
            (path, string.source_hash)
            for path, strings in texts_in(each).items()
            for string in strings
            if not string.is_translated
        }
        if here := left & untranslated:
            above.setdefault(each.source_language, set()).update(here)
            sources.setdefault(each.source_language, each)
            left -= here
        if not left:
            break
    found: dict[Words, str] = {}
    for source, here in above.items():
        found |= dict.fromkeys(here, source)
        found |= _languages(sources[source], here)
    return found
