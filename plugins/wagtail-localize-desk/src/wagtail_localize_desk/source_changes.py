"""The states of strings follow their source.

Whenever wagtail-localize's segments of a source change - by submission, by a sync, or because the
source was published - each translation is brought up to date string by string.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Exists, Model, OuterRef
from django.utils import timezone
from wagtail.models import Locale
from wagtail_localize.models import (
    OverridableSegment,
    RelatedObjectSegment,
    StringSegment,
    StringTranslation,
    TemplateSegment,
    Translation,
    TranslationSource,
)
from wagtail_localize.strings import StringValue, validate_translation_links

from wagtail_localize_desk import memory
from wagtail_localize_desk.matching import Known, Place, match
from wagtail_localize_desk.models import Method, Reason, State, TranslatedString
from wagtail_localize_desk.string_rows import Changes, acting_user, rows_of
from wagtail_localize_desk.wording import is_blank

#: The kinds of segments that are no strings.
OTHER_KINDS: tuple[type[Model], ...] = (TemplateSegment, RelatedObjectSegment, OverridableSegment)


@dataclass(frozen=True)
class SourceString:
    """A string of the source as wagtail-localize has it."""

    path: str
    words: str
    number: int
    string_id: int | None = None
    context_id: int | None = None


class Segment(NamedTuple):
    """A place of a string in the content of the source; one string may have several."""

    path: str
    words: str
    string_id: int
    context_id: int
    order: int
    #: The attributes of its tags, as JSON.
    attrs: str


@dataclass(frozen=True)
class Stored:
    """A translation in wagtail-localize's table."""

    words: str
    method: str
    author_id: int | None
    #: Whether wagtail-localize puts it into the page.
    is_usable: bool


@dataclass(frozen=True)
class Followed:
    """A source and its translations as they are once these have followed it."""

    #: In the order of the content.
    segments: list[Segment]
    #: The rows in use, by language.
    rows: dict[str, list[TranslatedString]]
    #: wagtail-localize's translations by language, path and source words.
    stored: dict[tuple[str, str, str], Stored]
    #: The other kinds of segments that the source has.
    other_kinds: frozenset[type[Model]] = frozenset()

    def translation_of(self, segment: Segment, language: str) -> str:
        """What wagtail-localize puts in the place of `segment`; empty for the source's words."""
        found = self.stored.get((language, segment.path, segment.words))
        return found.words if found is not None and found.is_usable else ""


def follow_source(source: TranslationSource, languages: Iterable[str] | None = None) -> Followed:
    """Update the states of all translations of `source`, or of those into `languages`.

    Strings with a translation that wagtail-localize lacks are given to it: the old translation of
    changed words, and what was kept of deleted content.
    """
    with transaction.atomic(savepoint=False):
        other_kinds = _lock(source)
        wanted = set(languages) if languages is not None else _languages_of(source)
        if not wanted:
            return Followed([], {}, {}, other_kinds)
        segments = segments_of(source)
        strings = numbered(segment[:4] for segment in segments)
        stored = _stored_translations(source)
        rows = rows_of(source.object_id, wanted)
        changes = Changes()
        for language in sorted(wanted):
            rows[language] = follow(
                source.object_id,
                (source.locale.language_code, language),
                rows.get(language, []),
                strings,
                changes,
                {key[1:]: value for key, value in stored.items() if key[0] == language},
            )
            memory.fill(rows[language], changes)
        changes.save()
        refill(rows, strings, stored)
        return Followed(segments, rows, stored, other_kinds)


def _lock(source: TranslationSource) -> frozenset[type[Model]]:
    """Let two publishes of one source follow one another; the kinds of its segments beside strings.

    Both are asked at once, as most sources have no segments of some kinds.
    """
    row = TranslationSource.objects.select_for_update().filter(pk=source.pk)
    names = {f"has_{kind._meta.model_name}": kind for kind in OTHER_KINDS}
    asked = {
        name: Exists(kind._default_manager.filter(source=OuterRef("pk")))
        for name, kind in names.items()
    }
    found = row.values(**asked).first() or {}
    return frozenset(kind for name, kind in names.items() if found.get(name))


def _languages_of(source: TranslationSource) -> set[str]:
    """The languages with translations of `source`, or with rows of what was one."""
    submitted = Translation.objects.filter(source=source)
    found = set(submitted.values_list("target_locale__language_code", flat=True))
    rows = TranslatedString.objects.filter(
        object_key=source.object_id,
        source_language=source.locale.language_code,
        number__isnull=False,
    )
    return found | set(rows.values_list("target_language", flat=True).distinct())


def segments_of(source: TranslationSource) -> list[Segment]:
    """The places of the strings of `source`, in the order of its content."""
    rows = StringSegment.objects.filter(source=source).order_by("order")
    names = ("context__path", "string__data", "string_id", "context_id", "order", "attrs")
    return [Segment(*row) for row in rows.values_list(*names)]


def numbered(strings: Iterable[Sequence[Any]]) -> list[SourceString]:
    """Distinct strings from (path, words, string, context), in the order of the content."""
    counts: dict[str, int] = {}
    found: dict[tuple[str, str], SourceString] = {}
    for path, words, *ids in strings:
        number = counts.get(path, 0)
        counts[path] = number + 1
        found.setdefault((path, words), SourceString(path, words, number, *ids))
    return list(found.values())


def _stored_translations(source: TranslationSource) -> dict[tuple[str, str, str], Stored]:
    """wagtail-localize's translations by language, path and source words."""
    rows = StringTranslation.objects.filter(
        context__object_id=source.object_id, translation_of__locale_id=source.locale_id
    ).values_list(
        "locale__language_code",
        "context__path",
        "translation_of__data",
        "data",
        "translation_type",
        "tool_name",
        "last_translated_by_id",
        "has_error",
    )
    return {
        (language, path, words): Stored(data, method_of(kind, tool), author, not has_error)
        for language, path, words, data, kind, tool, author, has_error in rows
    }


def method_of(translation_type: str, tool_name: str) -> str:
    """By what wagtail-localize says that a string was translated."""
    if translation_type == StringTranslation.TRANSLATION_TYPE_MACHINE:
        return Method.MACHINE
    return Method.IMPORT if tool_name else Method.HAND


def state_of(method: str) -> tuple[str, str]:
    """The state of a string that was just written by `method`, and the reason for review."""
    if method == Method.MACHINE:
        return State.NEEDS_REVIEW, Reason.MACHINE
    return State.TRANSLATED, ""


def follow(
    object_key: Any,
    languages: tuple[str, str],
    rows: list[TranslatedString],
    strings: Sequence[SourceString],
    changes: Changes,
    stored: Mapping[tuple[str, str], Stored],
) -> list[TranslatedString]:
    """Bring the rows of one translation up to date with `strings`; returns those in use.

    `languages` are the source's and the target's. The rows are collected in `changes`.
    """
    places = [Place(string.path, string.words) for string in strings]
    known = [Known(row.path, row.source_words, row.number, bool(row.words)) for row in rows]
    pairs = match(places, known)
    for index in set(range(len(rows))) - set(pairs.values()):
        _take_out(rows[index], changes)
    used = []
    for index, string in enumerate(strings):
        found = pairs.get(index)
        if found is None:
            row = TranslatedString(
                object_key=object_key, source_language=languages[0], target_language=languages[1]
            )
        else:
            row = rows[found]
        _give_source(row, string, languages[0], changes)
        _take_stored(row, stored.get((string.path, string.words)), changes)
        used.append(row)
    return used


def _take_out(row: TranslatedString, changes: Changes) -> None:
    """Keep the translation of a string that the source has no longer."""
    if row.number is None:
        return
    if row.written_at is None:
        changes.drop(row)
        return
    row.number = None
    changes.keep(row)


def _give_source(
    row: TranslatedString, string: SourceString, language: str, changes: Changes
) -> None:
    """Give `row` its new place and source words, and the state that follows from them."""
    before = (row.path, row.number, row.source_words, row.source_language)
    if before == (string.path, string.number, string.words, language) and row.pk is not None:
        return
    is_changed = row.source_words != string.words
    row.source_language = language
    row.set_source(string.path, string.number, string.words)
    if not is_changed or not row.words:
        changes.keep(row)
    elif row.is_current:
        # The source has its former words again.
        was_changed = row.reason == Reason.SOURCE_CHANGED
        state, reason = (State.TRANSLATED, "") if was_changed else (row.state, row.reason)
        changes.keep(row, row.change(state, reason, method=Method.SOURCE, user=acting_user()))
    else:
        entry = row.change(
            State.NEEDS_REVIEW, Reason.SOURCE_CHANGED, method=Method.SOURCE, user=acting_user()
        )
        changes.keep(row, entry)


def _take_stored(row: TranslatedString, stored: Stored | None, changes: Changes) -> None:
    """Take wagtail-localize's translation of exactly this string, if it is another one.

    It is from before the desk, or was made for these source words before they changed.
    """
    if stored is None or stored.words == row.words or is_blank(stored.words):
        return
    state, reason = state_of(stored.method)
    if not stored.is_usable:
        state, reason = State.NEEDS_REVIEW, Reason.ERROR
    entry = row.change(state, reason, method=stored.method, words=stored.words)
    row.author_id = entry.author_id = stored.author_id
    changes.keep(row, entry)


def refill(
    rows: Mapping[str, Iterable[TranslatedString]],
    strings: Iterable[SourceString],
    stored: dict[tuple[str, str, str], Stored],
) -> None:
    """Give wagtail-localize the translations that only the desk has, and add them to `stored`."""
    ids = {(string.path, string.words): string for string in strings}
    missing = [
        (language, row, ids[row.path, row.source_words])
        for language, found in rows.items()
        for row in found
        if row.words and (language, row.path, row.source_words) not in stored
    ]
    if not missing:
        return
    codes = {language for language, _row, _string in missing}
    locales = dict(
        Locale.objects.filter(language_code__in=codes).values_list("language_code", "pk")
    )
    made = {
        (language, row.path, row.source_words): upstream_translation(
            row, string.string_id, string.context_id, locales[language]
        )
        for language, row, string in missing
        if string.string_id is not None and language in locales
    }
    # A translator may be saving the same string.
    StringTranslation._base_manager.bulk_create(made.values(), ignore_conflicts=True)
    stored |= {
        key: Stored(
            each.data,
            method_of(each.translation_type, each.tool_name),
            each.last_translated_by_id,
            not each.has_error,
        )
        for key, each in made.items()
    }


def upstream_translation(
    row: TranslatedString, string_id: int, context_id: int | None, locale_id: int
) -> StringTranslation:
    """The translation of `row` for wagtail-localize's table, unsaved."""
    is_machine = row.method == Method.MACHINE
    return StringTranslation(
        translation_of_id=string_id,
        context_id=context_id,
        locale_id=locale_id,
        data=row.words,
        translation_type=StringTranslation.TRANSLATION_TYPE_MACHINE
        if is_machine
        else StringTranslation.TRANSLATION_TYPE_MANUAL,
        # Nobody has translated the words that the source has now.
        last_translated_by_id=row.author_id if row.is_current else None,
        updated_at=timezone.now(),
        has_error=not is_usable(row.source_words, row.words),
    )


def overwrite_upstream(translations: Iterable[StringTranslation]) -> None:
    """Put these translations in the place of wagtail-localize's, in one statement."""
    StringTranslation._base_manager.bulk_create(
        translations,
        update_conflicts=True,
        unique_fields=["locale", "translation_of", "context"],
        update_fields=[
            "data",
            "translation_type",
            "tool_name",
            "last_translated_by",
            "updated_at",
            "has_error",
            "field_error",
        ],
    )


def is_usable(source_words: str, words: str) -> bool:
    """Whether wagtail-localize can put the words in the place of its source."""
    try:
        StringValue.from_translated_html(words)
        validate_translation_links(source_words, words)
    except ValueError:
        return False
    return True
