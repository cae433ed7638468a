"""What the translation memory has for a string, as the screen shows it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from wagtail_localize_desk import memory
from wagtail_localize_desk.access import BAD_REQUEST, Refusal, RefusedError
from wagtail_localize_desk.models import TranslatedString
from wagtail_localize_desk.quality.pairs import text_of
from wagtail_localize_desk.screen.origins import Origin, origins_of
from wagtail_localize_desk.screen.protected_pieces import (
    BrokenPiecesError,
    fit,
    pieces_of,
    to_tokens,
)
from wagtail_localize_desk.screen.rows import StringRow
from wagtail_localize_desk.screen.word_differences import Part, word_difference
from wagtail_localize_desk.wording import is_storable

#: The longest text that one can search for, in characters.
LONGEST = 200


@dataclass(frozen=True)
class ShownOffer:
    """A similar translation beside a string."""

    string: TranslatedString
    similarity: int
    #: What its source and that of the string have and have not in common.
    differences: list[Part]
    #: Its text with the pieces of the string's source; without them if they do not fit.
    text: str
    #: Why it cannot be put into the field; empty if it can.
    obstacle: str
    origin: Origin


class Span(NamedTuple):
    """A part of a text; `is_hit` if it is what somebody searches for."""

    text: str
    is_hit: bool


@dataclass(frozen=True)
class Pair:
    """A source and its translation, with what was searched for marked in both."""

    string: TranslatedString
    source: list[Span]
    text: list[Span]
    origin: Origin


# Similar translations


def offers_for(row: StringRow, user: Any) -> list[ShownOffer]:
    """Similar translations that `user` may see, the most similar first."""
    string = row.string
    languages = string.source_language, string.target_language
    visible = memory.visible_to(user, string.target_language, string.object_key)
    # Of the string itself its translation is no news.
    found = memory.similar(string.source_words, *languages, visible=visible, leave_out=string.pk)
    origins = origins_of((offer.string for offer in found), user)
    return [_shown(offer, row, origins[offer.string.pk]) for offer in found]


def _shown(offer: memory.Offer, row: StringRow, origin: Origin) -> ShownOffer:
    string = offer.string
    source = to_tokens(string.source_words, pieces_of(string.source_words))
    text, obstacle = _fitted(string, row)
    differences = word_difference(source, row.source)
    return ShownOffer(string, offer.similarity, differences, text, obstacle, origin)


def _fitted(string: TranslatedString, row: StringRow) -> tuple[str, str]:
    """The text for the field, or the text as people read it and why it does not fit there."""
    try:
        return fit(string.words, string.source_words, row.pieces), ""
    except BrokenPiecesError as fault:
        return text_of(string.words), str(fault)


def is_remembered(row: StringRow, text: str, offer: str, user: Any) -> bool:
    """Whether `text` is what the memory offers with the string of the primary key `offer`.

    Raises RefusedError if `offer` is no primary key.
    """
    if not re.fullmatch(r"[0-9]{1,18}", offer):
        raise RefusedError(Refusal(BAD_REQUEST, _("The memory has no such string.")))
    string = row.string
    visible = memory.visible_to(user, string.target_language, string.object_key)
    known = memory.remembered(string.source_language, string.target_language).filter(visible)
    found = known.filter(pk=offer).first()
    return found is not None and _fitted(found, row) == (text, "")


# Concordance


def pairs_with(phrase: str, languages: tuple[str, str], user: Any) -> list[Pair]:
    """The strings of the memory with a phrase that `user` may see.

    Raises RefusedError if nothing or something that no text has is searched for.
    """
    _require_searchable(phrase)
    visible = memory.visible_to(user, languages[1])
    found = memory.concordance(phrase, *languages, visible=visible)
    origins = origins_of(found, user)
    return [
        Pair(
            string,
            list(_marked(text_of(string.source_words), phrase)),
            list(_marked(text_of(string.words), phrase)),
            origins[string.pk],
        )
        for string in found
    ]


def _require_searchable(phrase: str) -> None:
    reason = ""
    if not phrase.strip():
        reason = _("Write a word or a phrase to search for.")
    elif len(phrase) > LONGEST:
        reason = _("Search for at most %(count)d characters.") % {"count": LONGEST}
    elif not is_storable(phrase):
        reason = _("The text has a character that cannot be stored.")
    if reason:
        raise RefusedError(Refusal(BAD_REQUEST, reason))


def _marked(text: str, phrase: str) -> Iterator[Span]:
    pattern = r"\s+".join(re.escape(word) for word in phrase.split())
    end = 0
    for hit in re.finditer(pattern, text, re.IGNORECASE):
        if hit.start() > end:
            yield Span(text[end : hit.start()], is_hit=False)
        yield Span(hit[0], is_hit=True)
        end = hit.end()
    if end < len(text):
        yield Span(text[end:], is_hit=False)
