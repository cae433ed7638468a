"""The strings of translations as the screen shows them, in a fixed number of queries."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils.translation import get_language_info
from wagtail_localize.models import StringSegment, StringTranslation, Translation

from wagtail_localize_desk.findings import ReportedFinding
from wagtail_localize_desk.models import (
    AcceptedFinding,
    Reason,
    State,
    StringChange,
    StringComment,
    TranslatedString,
)
from wagtail_localize_desk.open_strings import OPEN
from wagtail_localize_desk.quality.limits import length_limit
from wagtail_localize_desk.quality.pairs import ApprovedTerm
from wagtail_localize_desk.screen.places import Place, Places
from wagtail_localize_desk.screen.protected_pieces import (
    Piece,
    description,
    pieces_of,
    to_tokens,
)
from wagtail_localize_desk.screen.word_differences import Part, word_difference
from wagtail_localize_desk.source_changes import follow_source
from wagtail_localize_desk.wording import WORD


@dataclass(frozen=True)
class Language:
    """A language of a text, for the attributes `lang` and `dir`."""

    code: str
    direction: str


def language_of(code: str) -> Language:
    try:
        is_rtl = get_language_info(code)["bidi"]
    except KeyError:
        is_rtl = False
    return Language(code, "rtl" if is_rtl else "ltr")


@dataclass(frozen=True)
class Attempt:
    """What somebody has sent for a string and could not be saved, and why."""

    text: str
    error: str
    #: The text that somebody else has saved meanwhile, if that is the reason.
    other_text: str | None = None


@dataclass
class StringRow:
    """One string, with what its row of the screen shows."""

    string: Any
    place: Place
    attrs: Mapping[str, Any]
    order: int
    field_error: str = ""
    #: How many characters its field holds; None without a limit.
    limit: int | None = None
    #: Its number on the screen, from 1.
    number: int = 0
    attempt: Attempt | None = None
    comments: list[StringComment] = field(default_factory=list)
    findings: list[ReportedFinding] = field(default_factory=list)
    terms: list[ApprovedTerm] = field(default_factory=list)
    #: Why the user cannot approve it; None if they review no such strings, empty if they can.
    obstacle: str | None = None
    #: The page or snippet, where a list has those of several.
    object_title: str = ""
    object_url: str = ""
    kind: str = "string"

    @cached_property
    def pieces(self) -> list[Piece]:
        return pieces_of(self.string.source_words)

    @property
    def version(self) -> str:
        return version_of(self.string)

    @property
    def source_language(self) -> Language:
        return language_of(self.string.source_language)

    @property
    def target_language(self) -> Language:
        return language_of(self.string.target_language)

    @property
    def name(self) -> str:
        return f"{self.number}. {self.place.full_name}"

    @cached_property
    def source(self) -> str:
        return to_tokens(self.string.source_words, self.pieces)

    @cached_property
    def saved_text(self) -> str:
        return to_tokens(self.string.words, self.pieces)

    def forget_texts(self) -> None:
        """Read the texts again from the string, which has changed."""
        self.__dict__.pop("saved_text", None)

    @property
    def text(self) -> str:
        return self.attempt.text if self.attempt else self.saved_text

    @property
    def error(self) -> str:
        return self.attempt.error if self.attempt else self.field_error

    @property
    def is_open(self) -> bool:
        return self.string.state in OPEN

    @property
    def open_comments(self) -> list[StringComment]:
        return [comment for comment in self.comments if comment.resolved_at is None]

    @property
    def word_count(self) -> int:
        return len(WORD.findall(self.source))

    @property
    def differences(self) -> list[Part]:
        """What changed in the source since its words were translated."""
        string = self.string
        if string.reason != Reason.SOURCE_CHANGED or not string.made_from:
            return []
        return word_difference(self.source_before, self.source)

    @cached_property
    def source_before(self) -> str:
        return to_tokens(self.string.made_from, pieces_of(self.string.made_from))

    @property
    def described_pieces(self) -> list[tuple[Piece, str]]:
        return [(piece, description(piece, self.attrs)) for piece in self.pieces]

    @property
    def line_count(self) -> int:
        """The height of the field, for a browser that does not grow it."""
        longest = max(self.source, self.text, key=len)
        return min(12, 1 + longest.count("\n") + len(longest) // 60)


def version_of(string: Any) -> str:
    """What a translator has seen of a string: its last change, and its source.

    A source that changes before anybody has translated it leaves no entry in the history.
    """
    return f"{string.last_change or 0}-{str(string.source_hash)[:8]}"


def with_last_change(strings: QuerySet[TranslatedString]) -> QuerySet[Any]:
    """Strings with `last_change`, the primary key of the last entry of their history.

    And with `has_accepted`: whether somebody accepted what a check finds in one.
    """
    changes = StringChange.objects.filter(string=OuterRef("pk")).order_by("-pk")
    accepted = AcceptedFinding.objects.filter(string=OuterRef("pk"))
    return strings.annotate(
        last_change=Subquery(changes.values("pk")[:1]), has_accepted=Exists(accepted)
    )


def rows_of_translation(translation: Translation, model: type[Any]) -> list[StringRow]:
    """All strings of a translation, in the order of the source's editor."""
    segments = _segments(translation)
    strings = _strings(translation)
    if any(key not in strings for key in segments):
        # The translation is from before the desk.
        follow_source(translation.source, [translation.target_locale.language_code])
        strings = _strings(translation)
    places = Places(model)
    rows = [
        StringRow(
            strings[key],
            places.at(segment["context__path"], segment["context__field_path"]),
            json.loads(segment["attrs"] or "null") or {},
            segment["order"],
            segment["error"] or "",
            length_limit(model, segment["context__field_path"] or ""),
        )
        for key, segment in segments.items()
        if key in strings
    ]
    rows.sort(key=lambda row: (row.place.order, row.order))
    return numbered(rows)


def numbered(rows: list[StringRow], first: int = 1) -> list[StringRow]:
    for number, row in enumerate(rows, start=first):
        row.number = number
    return rows


def _segments(translation: Translation) -> dict[tuple[str, str], dict[str, Any]]:
    """The distinct strings of the source by path and words, first ones first."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    faulty = StringTranslation.objects.filter(
        locale=translation.target_locale_id,
        translation_of=OuterRef("string"),
        context=OuterRef("context"),
        has_error=True,
    )
    for segment in (
        StringSegment.objects.filter(source=translation.source_id)
        .order_by("order")
        .annotate(error=Subquery(faulty.values("field_error")[:1]))
        .values("context__path", "context__field_path", "string__data", "attrs", "order", "error")
    ):
        found.setdefault((segment["context__path"], segment["string__data"]), segment)
    return found


def _strings(translation: Translation) -> dict[tuple[str, str], Any]:
    rows = TranslatedString.objects.filter(
        object_key=translation.source.object_id,
        target_language=translation.target_locale.language_code,
        number__isnull=False,
    )
    return {(row.path, row.source_words): row for row in with_last_change(rows)}


# Filters


@dataclass(frozen=True)
class Filter:
    """Which strings are shown."""

    state: str = ""
    search: str = ""

    def matches(self, row: StringRow) -> bool:
        return self._has_state(row.string) and self._has_words(row)

    def _has_state(self, string: TranslatedString) -> bool:
        if self.state == "open":
            return string.state in OPEN
        if self.state == "stale":
            return string.reason == Reason.SOURCE_CHANGED
        return not self.state or string.state == self.state

    def _has_words(self, row: StringRow) -> bool:
        words = self.search.casefold()
        return not words or words in row.source.casefold() or words in row.text.casefold()


@dataclass(frozen=True)
class Progress:
    """The words of the source whose strings have a state."""

    state: str
    label: str
    words: int
    strings: int
    percent: int


def progress_of(rows: Iterable[StringRow]) -> list[Progress]:
    """The progress for each state, by words; that nobody has begun is the first."""
    rows = list(rows)
    total = sum(row.word_count for row in rows)
    found = []
    for state in State:
        of_state = [row for row in rows if row.string.state == state]
        words = sum(row.word_count for row in of_state)
        percent = round(100 * words / total) if total else 0
        found.append(Progress(state, str(state.label), words, len(of_state), percent))
    return found


@dataclass
class Section:
    """The strings and other values of one field or block."""

    key: str
    title: str
    rows: Sequence[Any]

    @property
    def heading(self) -> str:
        """The words at its head, to know one block from another."""
        first = next((row for row in self.rows if isinstance(row, StringRow)), None)
        if first is None or not first.place.name:
            return ""
        text = " ".join(first.source.split())
        return text if len(text) <= 60 else f"{text[:60]}…"


def sections_of(rows: Sequence[Any]) -> list[Section]:
    """Rows in sections; those of one field or block are together already."""
    found: dict[str, Section] = {}
    for row in rows:
        place = row.place
        section = found.setdefault(place.section_key, Section(place.section_key, place.section, []))
        section.rows = [*section.rows, row]
    return list(found.values())
