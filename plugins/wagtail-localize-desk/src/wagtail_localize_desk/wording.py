"""Comparing the words of strings."""

from __future__ import annotations

import re
import uuid
from difflib import SequenceMatcher

from wagtail_localize.models import String
from wagtail_localize.strings import StringValue

WORD = re.compile(r"\w+|[^\w\s]")
#: NUL, and halves of surrogate pairs.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def is_blank(words: str) -> bool:
    """Whether a string shows nothing; such a string is no translation."""
    if "<" in words or "&" in words:
        return not StringValue(words).render_text().strip()
    return not words.strip()


def is_storable(text: str) -> bool:
    """Whether databases take the text."""
    return not _UNSTORABLE.search(text)


def hash_of(words: str) -> uuid.UUID:
    """wagtail-localize's `String.data_hash` of the words."""
    return uuid.uuid5(String.UUID_NAMESPACE, words)


def similarity(one: str, other: str) -> float:
    """The share of words and punctuation marks that two strings have in the same order."""
    matcher = SequenceMatcher(None, WORD.findall(one), WORD.findall(other), autojunk=False)
    if matcher.real_quick_ratio() < 0.5 or matcher.quick_ratio() < 0.5:
        return 0.0
    return matcher.ratio()
