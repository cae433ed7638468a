"""Numbers, amounts, dates, times, references to laws, and addresses: as in the source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from wagtail_localize_desk.quality.facts import (
    LAW_WORDS,
    Fact,
    facts_in,
    impossible_dates,
    spelled_numbers,
)
from wagtail_localize_desk.quality.pairs import Finding, Pair, base_of

#: The check that tells of each kind of fact.
CHECKS = {
    "number": "numbers",
    "percentage": "numbers",
    "amount": "amounts",
    "date": "dates",
    "time": "dates",
    "law": "laws",
    "email": "addresses",
    "url": "addresses",
}


def check_facts(pair: Pair) -> Iterator[Finding]:
    """What the translation lacks of the source's facts, and what it adds."""
    source = facts_in(pair.source_text, pair.source_language)
    target = facts_in(pair.text, pair.target_language)
    for fact in _missing(pair, source, target, pair.text, pair.target_language):
        message = _("The source has “%(fact)s”; the translation does not.")
        yield Finding(CHECKS[fact.kind], message % {"fact": fact.shown})
    for fact in _missing(pair, target, source, pair.source_text, pair.source_language):
        message = _("The translation has “%(fact)s”; the source does not.")
        yield Finding(CHECKS[fact.kind], message % {"fact": fact.shown})
    if _is_reordered(source, target):
        yield Finding("order", _("The numbers or dates stand in another order than in the source."))
    known = {fact.key for fact in source}
    for fact in impossible_dates(target):
        if fact.key not in known:
            yield Finding("dates", _("There is no such day: “%(fact)s”.") % {"fact": fact.shown})


def _missing(
    pair: Pair, facts: Sequence[Fact], others: Sequence[Fact], text: str, language: str
) -> Iterator[Fact]:
    """The facts that are not among `others`, each once."""
    keys = {fact.key for fact in others}
    numbers = _numbers(others)
    anything = numbers | _law_numbers(others) | spelled_numbers(text, language)
    told = set()
    for fact in facts:
        if fact.key in keys or fact.key in told:
            continue
        if fact.kind == "number" and fact.value in anything:
            continue
        if fact.kind == "law" and not _is_wrong_law(pair, fact, others, numbers):
            continue
        told.add(fact.key)
        yield fact


def _is_reordered(source: Sequence[Fact], target: Sequence[Fact]) -> bool:
    """Whether the same facts come in another order, which may be a swap."""
    one = list(dict.fromkeys(fact.key for fact in source if not _is_year(fact)))
    other = list(dict.fromkeys(fact.key for fact in target if not _is_year(fact)))
    common = set(one) & set(other)
    return [key for key in one if key in common] != [key for key in other if key in common]


def _is_year(fact: Fact) -> bool:
    """Whether a number is the year of a title, which languages put in different places."""
    return fact.kind == "number" and isinstance(fact.value, Decimal) and 1800 < fact.value < 2100


def _numbers(facts: Iterable[Fact]) -> set[object]:
    return {fact.value for fact in facts if fact.kind == "number"}


def _law_numbers(facts: Iterable[Fact]) -> set[object]:
    """The numbers of laws, as plain numbers."""
    found: set[object] = set()
    for fact in facts:
        if fact.kind == "law" and isinstance(fact.value, tuple) and fact.value[1].isdigit():
            found.add(Decimal(fact.value[1]))
    return found


def _is_wrong_law(pair: Pair, fact: Fact, others: Sequence[Fact], numbers: set[object]) -> bool:
    """Whether a reference is missing; a language without words for laws has its number at least."""
    assert isinstance(fact.value, tuple)
    word, number = fact.value
    if any(isinstance(other.value, tuple) and other.value[0] == word for other in others):
        return True
    if Decimal("".join(sign for sign in number if sign.isdigit())) in numbers:
        return False
    known = {base_of(pair.source_language), base_of(pair.target_language)}
    return known <= LAW_WORDS.keys() or number not in pair.text + pair.source_text
