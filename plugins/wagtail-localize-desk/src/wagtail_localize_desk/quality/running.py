"""All checks of a translation, and which of them block its approval."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from django.conf import settings

from wagtail_localize_desk.quality.fact_checks import check_facts
from wagtail_localize_desk.quality.language import check_language
from wagtail_localize_desk.quality.markup import check_markup
from wagtail_localize_desk.quality.pairs import Finding, Pair
from wagtail_localize_desk.quality.shape import (
    check_blank,
    check_length,
    check_punctuation,
    check_repeated_words,
    check_spaces,
    check_unchanged,
)
from wagtail_localize_desk.quality.terms import check_terms

CHECKS: tuple[Callable[[Pair], Iterable[Finding]], ...] = (
    check_markup,
    check_facts,
    check_length,
    check_unchanged,
    check_language,
    check_terms,
    check_repeated_words,
    check_spaces,
    check_punctuation,
)
#: The names of findings: the values that the setting may have.
NAMES = frozenset(
    (
        "blank",
        "links",
        "tags",
        "formatting",
        "numbers",
        "amounts",
        "dates",
        "laws",
        "order",
        "addresses",
        "too_long",
        "length",
        "unchanged",
        "language",
        "terms",
        "repeated_words",
        "spaces",
        "punctuation",
    )
)
#: What changes the meaning, breaks the page, or is not the language that it says it is.
BLOCKING = NAMES - {"formatting", "order", "length", "repeated_words", "spaces", "punctuation"}


def findings(pair: Pair) -> Iterator[Finding]:
    """What is wrong with a translation, or may be; nothing if it is right.

    A blank translation has that one finding.
    """
    blank = list(check_blank(pair))
    yield from blank
    if not blank:
        for check in CHECKS:
            yield from check(pair)


def blocking() -> frozenset[str]:
    """The names of the checks that block approval; the setting names those of a project."""
    chosen = getattr(settings, "WAGTAIL_LOCALIZE_DESK_BLOCKING_CHECKS", None)
    return BLOCKING if chosen is None else frozenset(chosen)
