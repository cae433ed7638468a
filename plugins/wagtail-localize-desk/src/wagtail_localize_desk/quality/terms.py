"""Terms that a translation must have, and words that it must not have."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from wagtail_localize_desk.quality.pairs import ApprovedTerm, Finding, Pair


def check_terms(pair: Pair) -> Iterator[Finding]:
    """Terms of the source that the translation writes in another way."""
    for term in terms_in(pair.source_text, pair.terms):
        if not any(_has(pair.text, words, term) for words in term.translations):
            accepted = " / ".join(term.translations)
            message = _("“%(term)s” is “%(accepted)s” in this language.")
            yield Finding("terms", message % {"term": term.source, "accepted": accepted})
    rest = _without_accepted(pair.text, pair.terms)
    for term in pair.terms:
        for words in term.forbidden:
            if _has(rest, words, term):
                accepted = " / ".join(term.translations)
                message = _("Write “%(accepted)s” instead of “%(words)s”.")
                yield Finding("terms", message % {"accepted": accepted, "words": words})


def terms_in(text: str, terms: Sequence[ApprovedTerm]) -> list[ApprovedTerm]:
    """The terms that stand in a source, longest first; a term within a longer one is none."""
    found = []
    for term in sorted(terms, key=lambda each: -len(each.source)):
        pattern = _pattern(term.source, term.is_case_sensitive)
        if pattern.search(text):
            found.append(term)
            text = pattern.sub(" ", text)
    return found


def without_names(text: str, terms: Sequence[ApprovedTerm]) -> str:
    """The text without the terms that are the same in both languages."""
    for term in terms:
        if term.is_name:
            text = _pattern(term.source, term.is_case_sensitive).sub(" ", text)
    return text


def _has(text: str, words: str, term: ApprovedTerm) -> bool:
    return _pattern(words, term.is_case_sensitive).search(text) is not None


def _without_accepted(text: str, terms: Sequence[ApprovedTerm]) -> str:
    """The text without the right words: a forbidden one may be part of a name."""
    accepted = [(words, term) for term in terms for words in term.translations]
    for words, term in sorted(accepted, key=lambda each: -len(each[0])):
        text = _pattern(words, term.is_case_sensitive).sub(" ", text)
    return text


@functools.lru_cache(maxsize=4096)
def _pattern(words: str, is_case_sensitive: bool) -> re.Pattern[str]:
    """The words as whole words, with any space and either apostrophe between their letters."""
    escaped = r"\s+".join(re.escape(part) for part in words.split())
    escaped = re.sub(r"['’]", "['’]", escaped)
    start = r"(?<!\w)" if words[:1].isalnum() else ""
    end = r"(?!\w)" if words[-1:].isalnum() and words[-1:].isascii() else ""
    return re.compile(start + escaped + end, 0 if is_case_sensitive else re.IGNORECASE)
