"""Text that was written into a translation outside the translation editor.

After a translation was stopped, the ordinary editor changes its texts; code may do so at any time;
and Wagtail copies content into other locales by itself. What came from the source stays the
source's until somebody writes something else in its place, and what they write is kept.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import transaction
from wagtail.models import Revision
from wagtail.signals import copy_for_translation_done
from wagtail_localize.models import StringSegment, Translation
from wagtail_localize.segments import StringSegmentValue
from wagtail_localize.segments.extract import extract_segments

from wagtail_localize_desk.models import (
    Method,
    Reason,
    RevisionTexts,
    State,
    StringChange,
    TranslatedString,
)
from wagtail_localize_desk.revision_texts import ShownString, is_slug, texts_in
from wagtail_localize_desk.source_changes import (
    follow,
    numbered,
    overwrite_upstream,
    upstream_translation,
)
from wagtail_localize_desk.source_content import content_of, field_digests
from wagtail_localize_desk.string_rows import Changes, acting_user, rows_of
from wagtail_localize_desk.wording import WORD, hash_of, is_blank, similarity

#: A text with at least this share of the source's words, if it has a few, is still the source's.
STILL_THE_SOURCE = 0.7
FEWEST_WORDS = 4
#: How many earlier versions are searched for the source's words.
EARLIER_VERSIONS = 20


class KnownWords:
    """The words that are known of one translation, and whose they are."""

    def __init__(self, rows: Iterable[TranslatedString], earlier: Iterable[RevisionTexts]) -> None:
        self.rows = list(rows)
        by_pk = {row.pk: row for row in self.rows}
        #: Row and source words of each translation, by path and words; and by words alone.
        self.translations: dict[Any, tuple[TranslatedString, str]] = {}
        self.sources: dict[Any, tuple[TranslatedString, str]] = {}
        #: By the hash of their words; a string that was never translated may have lost its row.
        self.inherited = {
            string.source_hash: by_pk.get(string.row or 0)
            for record in earlier
            for strings in texts_in(record).values()
            for string in strings
            if not string.is_translated
        }
        changes = StringChange.objects.filter(string__in=list(by_pk)).order_by("-pk")
        known = [
            *((row, row.path, row.words, row.made_from, row.source_words) for row in self.rows),
            *(
                (
                    by_pk[each.string_id],
                    each.path,
                    each.words_after,
                    each.made_from,
                    each.source_words,
                )
                for each in changes
            ),
        ]
        for row, path, words, made_from, source_words in known:
            for key in ((path, words), words):
                if words:
                    self.translations.setdefault(key, (row, made_from))
            for key in ((path, source_words), source_words):
                if source_words:
                    self.sources.setdefault(key, (row, source_words))

    def recognise(self, path: str, words: str) -> tuple[TranslatedString | None, str, bool] | None:
        """The row of a text, the source words that it is from, and whether it is translated."""
        for key in ((path, words), words):
            for known, is_translated in ((self.translations, True), (self.sources, False)):
                if key in known:
                    return (*known[key], is_translated)
        source_hash = hash_of(words).hex
        if source_hash in self.inherited:
            return self.inherited[source_hash], words, False
        for row in self.rows:
            if row.path == path and not row.words and is_still(row.source_words, words):
                return row, row.source_words, False
        return None


def is_still(source_words: str, words: str) -> bool:
    """Whether `words` are those of the source with a small change, such as a spelling mistake."""
    if len(WORD.findall(source_words)) < FEWEST_WORDS:
        return False
    return similarity(source_words, words) >= STILL_THE_SOURCE


#: The record that was made with the revision that is being published.
_written: ContextVar[RevisionTexts | None] = ContextVar("written", default=None)


@contextmanager
def publishing_record(record: RevisionTexts) -> Iterator[None]:
    """A block that publishes the revision of `record`, which was just written."""
    token = _written.set(record)
    try:
        yield
    finally:
        _written.reset(token)


def record_being_published(revision: Revision) -> RevisionTexts | None:
    """The record of `revision`, if it was written just before this publish."""
    written = _written.get()
    return written if written is not None and written.revision_id == revision.pk else None


def record_for_publication(instance: Any, revision: Revision) -> RevisionTexts | None:
    """The record of what `revision` shows; made if the translation editor has not saved it.

    None if the text never came from another language. Autosave may have overwritten the revision
    since it was recorded.
    """
    written = record_being_published(revision)
    if written is not None:
        return written
    records = RevisionTexts.objects.filter(
        object_key=instance.translation_key, target_language=instance.locale.language_code
    ).order_by("-saved_at", "-pk")
    latest = records.first()
    if latest is None:
        return None
    found = records.filter(revision=revision, saved_at__gte=revision.created_at).first()
    if found is not None:
        return found
    previous = records.filter(saved_at__lte=revision.created_at).first() or latest
    return record_by_hand(instance, revision, previous, list(records[:EARLIER_VERSIONS]))


def record_by_hand(
    instance: Any,
    revision: Revision | None,
    previous: RevisionTexts,
    earlier: Iterable[RevisionTexts] = (),
) -> RevisionTexts:
    """Record the texts of `instance` as they are, and keep what is new in them."""
    language = previous.target_language
    with transaction.atomic():
        rows = rows_of(instance.translation_key, [language]).get(language, [])
        is_followed = Translation.objects.filter(
            source__object_id=instance.translation_key,
            target_locale=instance.locale_id,
            enabled=True,
        ).exists()
        user = (revision.user if revision is not None else None) or acting_user()
        reading = Reading(instance, previous, KnownWords(rows, earlier), user, is_followed)
        reading.read()
        reading.changes.save()
        write_to_upstream(instance, reading.written)
        return RevisionTexts.objects.create(
            object_key=instance.translation_key,
            source_language=previous.source_language,
            target_language=language,
            revision=revision,
            is_by_hand=True,
            source_digests=previous.source_digests,
            texts=reading.texts(),
        )


class Reading:
    """Reading the texts of an instance, string by string."""

    def __init__(
        self,
        instance: Any,
        previous: RevisionTexts,
        known: KnownWords,
        user: Any,
        is_followed: bool,
    ) -> None:
        self.instance = instance
        self.previous = previous
        self.known = known
        self.user = user
        self.is_followed = is_followed
        self.changes = Changes()
        #: Rows whose words were written into `instance`.
        self.written: list[TranslatedString] = []
        self.shown: dict[str, list[tuple[TranslatedString | None, str, bool]]] = {}

    def read(self) -> None:
        by_path: dict[str, list[str]] = defaultdict(list)
        for value in extract_segments(self.instance):
            if isinstance(value, StringSegmentValue):
                by_path[value.path].append(value.string.data)
        for path, strings in by_path.items():
            if is_slug(type(self.instance), path):
                self.shown[path] = [(None, "", True) for _words in strings]
            else:
                self._read_text(path, strings)

    def _read_text(self, path: str, strings: list[str]) -> None:
        recognised = [
            None if is_blank(words) else self.known.recognise(path, words) for words in strings
        ]
        claimed = {
            found[0].pk for found in recognised if found is not None and found[0] is not None
        }
        free = sorted(
            (
                row
                for row in self.known.rows
                if row.path == path and row.number is not None and row.pk not in claimed
            ),
            key=lambda row: row.number or 0,
        )
        shown: list[tuple[TranslatedString | None, str, bool]] = []
        for words, found in zip(strings, recognised, strict=True):
            if found is not None:
                row, source_words, is_translated = found
                shown.append((row, hash_of(source_words).hex, is_translated))
            elif is_blank(words):
                shown.append((None, "", True))
            else:
                row = free.pop(0) if free else self._row_without_source(path)
                self._write(row, words)
                source_hash = row.source_hash
                shown.append(
                    (row if source_hash else None, source_hash.hex if source_hash else "", True)
                )
        self.shown[path] = shown

    def _row_without_source(self, path: str) -> TranslatedString:
        return TranslatedString(
            object_key=self.instance.translation_key,
            source_language=self.previous.source_language,
            target_language=self.previous.target_language,
            path=path,
        )

    def _write(self, row: TranslatedString, words: str) -> None:
        """Keep what somebody has written in the place of a string."""
        state, reason = State.TRANSLATED, ""
        if self.is_followed:
            state, reason = State.NEEDS_REVIEW, Reason.CONFLICT
        entry = row.change(state, reason, method=Method.PAGE, user=self.user, words=words)
        self.changes.keep(row, entry)
        self.written.append(row)

    def texts(self) -> dict[str, list[ShownString]]:
        """The strings to record, once the rows are saved."""
        return {
            path: [
                ShownString(row.pk if row else None, source_hash, is_translated)
                for row, source_hash, is_translated in strings
            ]
            for path, strings in self.shown.items()
        }


def write_to_upstream(instance: Any, rows: Iterable[TranslatedString]) -> None:
    """Give hand-written text to wagtail-localize, which would else replace it on a restart."""
    wanted = {(row.path, row.source_words): row for row in rows if row.source_hash is not None}
    if not wanted:
        return
    segments = StringSegment.objects.filter(
        source__object_id=instance.translation_key, context__path__in=[path for path, _ in wanted]
    ).values_list("context__path", "string__data", "string_id", "context_id")
    found = {
        (string_id, context_id): wanted[path, words]
        for path, words, string_id, context_id in segments
        if (path, words) in wanted
    }
    overwrite_upstream(
        upstream_translation(row, string_id, context_id, instance.locale_id)
        for (string_id, context_id), row in found.items()
    )


def record_copy(sender: type, source_obj: Any, target_obj: Any, **kwargs: Any) -> None:
    """Record that all text of a copy in another locale is the source's."""
    language = target_obj.locale.language_code
    records = RevisionTexts.objects.filter(
        object_key=target_obj.translation_key, target_language=language
    )
    if source_obj.locale_id == target_obj.locale_id or records.exists():
        return
    values = [
        value for value in extract_segments(source_obj) if isinstance(value, StringSegmentValue)
    ]
    with transaction.atomic():
        rows = rows_of(target_obj.translation_key, [language]).get(language, [])
        if not any(row.number is not None for row in rows):
            changes = Changes()
            languages = source_obj.locale.language_code, language
            strings = numbered((value.path, value.string.data) for value in values)
            rows = follow(target_obj.translation_key, languages, rows, strings, changes, {})
            changes.save()
        by_place = {(row.path, row.source_words): row for row in rows if row.number is not None}
        texts: dict[str, list[ShownString]] = {}
        for value in values:
            row = by_place.get((value.path, value.string.data))
            is_text = row is not None and not (
                is_blank(value.string.data) or is_slug(type(source_obj), value.path)
            )
            texts.setdefault(value.path, []).append(
                ShownString(row.pk, hash_of(value.string.data).hex, False)
                if row is not None and is_text
                else ShownString(None, "", True)
            )
        RevisionTexts.objects.create(
            object_key=target_obj.translation_key,
            source_language=source_obj.locale.language_code,
            target_language=language,
            is_by_hand=False,
            source_digests=field_digests(type(source_obj), content_of(source_obj)),
            texts=texts,
        )


def show_conflicts(object_key: Any, language: str) -> None:
    """A restarted translation: what was written on the page meanwhile needs a review."""
    changes = Changes()
    rows = TranslatedString.objects.select_for_update().filter(
        object_key=object_key, target_language=language, method=Method.PAGE, state=State.TRANSLATED
    )
    for row in rows:
        entry = row.change(
            State.NEEDS_REVIEW, Reason.CONFLICT, method=Method.PAGE, user=acting_user()
        )
        changes.keep(row, entry)
    changes.save()


def register_signal_handlers() -> None:
    """Connect the signal handler."""
    copy_for_translation_done.connect(
        record_copy, dispatch_uid="wagtail_localize_desk.hand_written.record_copy"
    )
