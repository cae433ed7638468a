"""What the entries of a file would change in a translation, and what they would not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from wagtail_localize.models import TemplateSegment, Translation

from wagtail_localize_desk.exchange.entries import Entry, FileFormat, Kind
from wagtail_localize_desk.findings import ReportedFinding, pairs_of, reported
from wagtail_localize_desk.models import State
from wagtail_localize_desk.screen.protected_pieces import BrokenPiecesError, to_tokens
from wagtail_localize_desk.screen.rows import StringRow, rows_of_translation
from wagtail_localize_desk.screen.saving import UnfitWordsError, check_words
from wagtail_localize_desk.screen.word_differences import Part, word_difference


@dataclass
class Change:
    """A string that the file changes."""

    row: StringRow
    entry: Entry
    #: The new words as they are stored.
    words: str
    findings: list[ReportedFinding] = field(default_factory=list)
    #: Whether it is another string than the one whose change was confirmed.
    has_moved_on: bool = False

    @property
    def text(self) -> str:
        return to_tokens(self.words, self.row.pieces)

    @property
    def new_state(self) -> State:
        return State.TRANSLATED if self.entry.is_finished else State.NEEDS_REVIEW

    @property
    def new_state_label(self) -> str:
        return str(self.new_state.label)

    @property
    def has_new_words(self) -> bool:
        return bool(self.words != self.row.string.words)

    @property
    def differences(self) -> list[Part]:
        if not self.has_new_words or not self.row.string.words:
            return []
        return word_difference(self.row.saved_text, self.text)


@dataclass(frozen=True)
class Refused:
    """An entry that cannot be the translation of its string, and why."""

    row: StringRow
    entry: Entry
    reason: str


@dataclass
class Comparison:
    """The entries of a file, by what becomes of them."""

    changes: list[Change] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    #: Entries of one string with different words; nobody knows which of them are right.
    doubles: list[list[Entry]] = field(default_factory=list)
    unknown_contexts: list[Entry] = field(default_factory=list)
    unknown_texts: list[Entry] = field(default_factory=list)
    plurals: list[Entry] = field(default_factory=list)
    obsolete: list[Entry] = field(default_factory=list)
    unchanged: int = 0
    #: Entries without words, which change nothing either.
    empty: int = 0

    @property
    def finished(self) -> list[Change]:
        return [change for change in self.changes if change.entry.is_finished]

    @property
    def unfinished(self) -> list[Change]:
        return [change for change in self.changes if not change.entry.is_finished]

    @property
    def versions(self) -> dict[str, str]:
        """What a reader of this comparison has seen of each string that changes."""
        return {str(change.row.string.pk): change.row.version for change in self.changes}

    def mark_moved_on(self, seen: Mapping[str, str]) -> bool:
        """Mark changes of strings that are not what their reader has seen; returns whether any."""
        for change in self.changes:
            change.has_moved_on = seen.get(str(change.row.string.pk)) != change.row.version
        return any(change.has_moved_on for change in self.changes)


def compare(
    file_format: FileFormat, entries: Sequence[Entry], translation: Translation, model: type[Any]
) -> Comparison:
    """What `entries` would change, in a fixed number of queries."""
    rows = rows_of_translation(translation, model)
    by_key = {(row.string.path, file_format.source_of(row)): row for row in rows}
    contexts = {row.string.path for row in rows}
    templates = TemplateSegment.objects.filter(source=translation.source_id)
    rich = set(templates.values_list("context__path", flat=True))
    found = Comparison()
    for (context, source), same in _by_string(entries, found).items():
        row = by_key.get((context, source))
        if row is None:
            (found.unknown_texts if context in contexts else found.unknown_contexts).extend(same)
        elif len({(entry.text, entry.is_finished) for entry in same}) > 1:
            found.doubles.append(same)
        else:
            _compare(file_format, same[0], row, context in rich, found)
    found.changes.sort(key=lambda change: change.row.number)
    _check(found.changes)
    return found


def _by_string(entries: Iterable[Entry], found: Comparison) -> dict[tuple[str, str], list[Entry]]:
    """The entries that may be translations, by context and source; the others are in `found`."""
    grouped: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.kind == Kind.OBSOLETE:
            found.obsolete.append(entry)
        elif entry.kind == Kind.PLURAL:
            found.plurals.append(entry)
        else:
            grouped[entry.context, entry.source].append(entry)
    return grouped


def _compare(
    file_format: FileFormat, entry: Entry, row: StringRow, is_rich: bool, found: Comparison
) -> None:
    string = row.string
    if entry.fault:
        found.refused.append(Refused(row, entry, entry.fault))
        return
    if not entry.text:
        found.empty += 1
        return
    if string.words and entry.text == file_format.text_of(row):
        words = string.words
    else:
        try:
            words = file_format.words_of(entry.text, row, is_rich=is_rich)
            check_words(words, row.place)
        except (BrokenPiecesError, UnfitWordsError) as fault:
            found.refused.append(Refused(row, entry, str(fault)))
            return
    if words == string.words and _has_state(string.state, entry.is_finished):
        found.unchanged += 1
    else:
        found.changes.append(Change(row, entry, words))


def _has_state(state: str, is_finished: bool) -> bool:
    """Whether a string is as finished as its entry; an approved one stays approved."""
    return (state == State.NEEDS_REVIEW) != is_finished


def _check(changes: Iterable[Change]) -> None:
    """Tell what the checks find in the new words, as they will when these are saved."""
    by_key = {change.row.string.pk: change for change in changes}
    if not by_key:
        return
    limits = {
        (change.row.string.object_key, change.row.string.path): change.row.limit
        for change in by_key.values()
    }
    pairs = pairs_of([change.row.string for change in by_key.values()], limits)
    new = {pk: replace(pair, words=by_key[pk].words) for pk, pair in pairs.items()}
    with_accepted = [pk for pk, change in by_key.items() if change.row.string.has_accepted]
    for pk, findings in reported(new, with_accepted).items():
        by_key[pk].findings = findings
