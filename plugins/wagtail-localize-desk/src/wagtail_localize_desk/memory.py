"""The translation memory: what was translated anywhere on the site, offered again.

The memory is the desk's own strings: those that are translated or approved, and those that were
set aside with deleted content. It has no tables of its own, and so is never out of date.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThanOrEqual, LessThanOrEqual
from rapidfuzz import fuzz, process
from wagtail.models import get_translatable_models

from wagtail_localize_desk.models import Method, Reason, State, TranslatedString
from wagtail_localize_desk.quality.pairs import text_of
from wagtail_localize_desk.rights import changeable
from wagtail_localize_desk.string_rows import Changes, acting_user
from wagtail_localize_desk.wording import hash_of

#: The least similarity of what is offered, in per cent, and the most of it.
LEAST = 75
MOST = 5
#: The most strings of a search for words, and the most that are read for it.
MOST_FOUND = 50
MOST_READ = 1_000
#: Everything; `visible_to` is what one person may see.
EVERYTHING = Q()


@dataclass(frozen=True)
class Offer:
    """A translation of similar words."""

    string: TranslatedString
    #: In per cent; 100 for the same words.
    similarity: int


def remembered(source_language: str, target_language: str) -> QuerySet[TranslatedString]:
    """The strings of the memory, approved ones first, then the latest."""
    is_finished = Q(state__in=(State.TRANSLATED, State.APPROVED))
    is_set_aside = Q(state=State.NEEDS_REVIEW, reason=Reason.MEMORY, number__isnull=True)
    return (
        TranslatedString.objects.filter(
            is_finished | is_set_aside,
            source_language=source_language,
            target_language=target_language,
            made_from=F("source_words"),
        )
        .exclude(words="")
        .annotate(
            rank=Case(
                When(state=State.APPROVED, then=Value(0)),
                When(state=State.TRANSLATED, then=Value(1)),
                default=Value(2),
                output_field=IntegerField(),
            )
        )
        .order_by("rank", "-written_at", "-pk")
    )


def visible_to(user: Any, language: str, object_key: Any = None) -> Q:
    """A condition for the strings of the memory that `user` may read.

    Those are the strings of translations that they may change or publish, those of the translation
    `object_key` that they have open, and their own words. Of deleted content nobody can ask who may
    see it, so only superusers and the writers read its strings.
    """
    if user.is_superuser:
        return EVERYTHING
    visible = Q(author=user)
    if object_key is not None:
        visible |= Q(object_key=object_key)
    for model in get_translatable_models():
        targets = changeable(user, model).order_by().filter(locale__language_code=language)
        visible |= Q(object_key__in=targets.values("translation_key"))
    return visible


def exact_matches(
    hashes: Iterable[UUID], source_language: str, target_language: str
) -> dict[UUID, TranslatedString]:
    """The best translation of each source text, by wagtail-localize's hash, in one query."""
    wanted = set(hashes)
    if not wanted:
        return {}
    found: dict[UUID, TranslatedString] = {}
    for row in remembered(source_language, target_language).filter(source_hash__in=wanted):
        assert row.source_hash is not None
        found.setdefault(row.source_hash, row)
    return found


def fill(rows: Iterable[TranslatedString], changes: Changes) -> None:
    """Give untranslated rows of one pair of languages the translations of the same words.

    They need review: the same words may mean something else in another place.
    """
    empty = [row for row in rows if not row.words and row.written_at is None and row.source_hash]
    if not empty:
        return
    languages = empty[0].source_language, empty[0].target_language
    matches = exact_matches([row.source_hash for row in empty if row.source_hash], *languages)
    for row in empty:
        match = matches.get(row.source_hash) if row.source_hash else None
        if match is None:
            continue
        entry = row.change(
            State.NEEDS_REVIEW,
            Reason.MEMORY,
            method=Method.MEMORY,
            user=acting_user(),
            words=match.words,
        )
        changes.keep(row, entry)


def similar(
    source_words: str,
    source_language: str,
    target_language: str,
    *,
    visible: Q = EVERYTHING,
    leave_out: int | None = None,
    least: int = LEAST,
    most: int = MOST,
) -> list[Offer]:
    """Different translations of words like `source_words`, the most similar first; two queries.

    The words are compared without markup. Texts that are too long or too short to be similar enough
    are not read. `leave_out` is the primary key of a string that is not offered.
    """
    text = text_of(source_words)
    known = remembered(source_language, target_language).filter(visible)
    if leave_out is not None:
        known = known.exclude(pk=leave_out)
    # Of two texts of lengths m and n, at most 2 * min(m, n) of m + n letters are equal. Markup
    # makes the stored ones longer, and never shorter.
    shortest = int(len(text) * least / (200 - least))
    longest = len(text) * (200 - least) // least + 1
    texts = set(
        known.filter(
            GreaterThanOrEqual(Length("source_words"), shortest),
            LessThanOrEqual(Length("source_words"), longest) | Q(source_words__contains="<"),
        )
        .order_by()
        .values_list("source_words", flat=True)
    )
    plain = {words: text_of(words) for words in texts}
    found = process.extract(text, plain, scorer=fuzz.ratio, score_cutoff=least, limit=most)
    scores = {hash_of(words): int(score) for _text, score, words in found}
    different: dict[tuple[UUID | None, str], TranslatedString] = {}
    for row in known.filter(source_hash__in=scores):
        different.setdefault((row.source_hash, row.words), row)
    offers = [
        Offer(row, scores[row.source_hash])
        for row in different.values()
        if row.source_hash is not None
    ]
    # Among equals the order of the memory stays: approved ones first.
    return sorted(offers, key=lambda offer: -offer.similarity)[:most]


def concordance(
    phrase: str,
    source_language: str,
    target_language: str,
    *,
    visible: Q = EVERYTHING,
    most: int = MOST_FOUND,
) -> list[TranslatedString]:
    """The strings of the memory that have a phrase, in the source or in the translation.

    Markup within the phrase does not matter, nor do capital letters; one query.
    """
    known = remembered(source_language, target_language).filter(visible)
    in_source, in_words = Q(), Q()
    for word in phrase.split():
        # As wagtail-localize stores it.
        stored = escape(word, quote=False)
        in_source &= Q(source_words__icontains=stored)
        in_words &= Q(words__icontains=stored)
    candidates = known.filter(in_source | in_words)[:MOST_READ]
    return list(islice(_with_phrase(candidates, phrase), most))


def _with_phrase(rows: Iterable[TranslatedString], phrase: str) -> Iterator[TranslatedString]:
    wanted = _plain(phrase)
    return (row for row in rows if any(wanted in _plain(text_of(text)) for text in _texts(row)))


def _texts(row: TranslatedString) -> tuple[str, str]:
    return row.source_words, row.words


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
