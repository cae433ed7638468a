"""The public texts of files in a language, for many files at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from wagtail_localize_desk.file_text_models import (
    TEXTS,
    File,
    FileTexts,
    key_of_file,
    library_language,
)
from wagtail_localize_desk.models import RevisionTexts, TranslatedString
from wagtail_localize_desk.revision_texts import stale_in, texts_in, untranslated_in
from wagtail_localize_desk.status import goes_its_own_way, records_of_live_texts


class PublicFileTexts(NamedTuple):
    """The texts of a file that readers of a language get.

    A text without words in that language is not among them: the library's own is shown.
    """

    #: By the name of the field, `title` or `description`.
    texts: Mapping[str, str]
    #: Language codes of the texts that are in another language after all.
    languages: Mapping[str, str]
    #: Names of the texts whose source has other words now, or none.
    stale: frozenset[str]


def file_texts(files: Iterable[File], language: str) -> dict[File, PublicFileTexts]:
    """The public texts in `language` of those files that have any, in at most three queries.

    Texts that were translated from a translation take as many again for each step. The library's
    own texts are not among them.
    """
    keys = {key_of_file(model, pk): (model, pk) for model, pk in files}
    found = _public_texts(keys, language, frozenset())
    return {keys[key]: texts for key, texts in found.items()}


def _public_texts(
    keys: Iterable[UUID], language: str, followers: frozenset[str]
) -> dict[UUID, PublicFileTexts]:
    """The texts by translation key; `followers` are the languages that are translated from it."""
    keys = list(keys)
    if not keys or language == library_language() or language in followers:
        return {}
    rows = FileTexts.objects.filter(
        translation_key__in=keys, locale__language_code=language, live=True
    )
    live = {row.translation_key: row for row in rows.select_related("locale")}
    records = records_of_live_texts(live.values())
    above = _texts_above(records.values(), language, followers)
    hashes = _source_hashes(records, language)
    return {
        key: _public(row, records.get(key), hashes[key], above.get(key))
        for key, row in live.items()
    }


def _texts_above(
    records: Iterable[RevisionTexts], language: str, followers: frozenset[str]
) -> dict[UUID, PublicFileTexts]:
    """The public texts of the sources that are translations themselves."""
    by_language = defaultdict(list)
    for record in records:
        by_language[record.source_language].append(record.object_key)
    found: dict[UUID, PublicFileTexts] = {}
    for source_language, keys in by_language.items():
        found |= _public_texts(keys, source_language, followers | {language})
    return found


def _source_hashes(keys: Iterable[UUID], language: str) -> dict[UUID, list[tuple[int, Any]]]:
    """The strings of the sources as they are now, as in `revision_texts.stale_in`."""
    found: dict[UUID, list[tuple[int, Any]]] = defaultdict(list)
    rows = TranslatedString.objects.filter(
        object_key__in=list(keys), target_language=language, number__isnull=False
    )
    for key, pk, source_hash in rows.values_list("object_key", "pk", "source_hash"):
        found[key].append((pk, source_hash))
    return found


def _public(
    row: FileTexts,
    record: RevisionTexts | None,
    hashes: Iterable[tuple[int, Any]],
    above: PublicFileTexts | None,
) -> PublicFileTexts:
    texts = {name: text for name in TEXTS if (text := getattr(row, name)).strip()}
    if record is None:
        return PublicFileTexts(texts, {}, frozenset())
    shown = texts_in(record)
    untranslated = untranslated_in(shown).paths & texts.keys()
    languages = dict.fromkeys(untranslated, record.source_language)
    stale = stale_in(shown, hashes) & texts.keys()
    if goes_its_own_way(record):
        return PublicFileTexts(texts, languages, frozenset())
    if above is not None:
        # What the source shows in another language, its translation repeats in that language.
        languages |= {name: above.languages[name] for name in untranslated & above.languages.keys()}
        stale |= above.stale & texts.keys()
    return PublicFileTexts(texts, languages, stale)
