"""Addresses in every script: a translated slug is kept as it was written.

Django's slugs drop vowel signs and other marks, without which words of many languages, such as
Tamil, cannot be written.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from itertools import groupby

from django.conf import settings
from django.utils.text import slugify

#: Joiners, without which some scripts spell other words.
JOINERS = "\u200c\u200d"


def slug_of(words: str) -> str:
    """`words` as a slug, with the letters and marks of every script if the project allows them."""
    if not getattr(settings, "WAGTAIL_ALLOW_UNICODE_SLUGS", True):
        return slugify(words)
    kept = "".join(
        letter if _belongs(letter) else " " if letter.isspace() else ""
        for letter in unicodedata.normalize("NFC", words).lower()
    )
    return re.sub(r"[-\s]+", "-", kept).strip("-_" + JOINERS)


def _belongs(letter: str) -> bool:
    return unicodedata.category(letter)[0] in "LMN" or letter in "-_" or letter in JOINERS


def _marks() -> str:
    """All marks of Unicode, as ranges for a class in a regular expression."""
    marks = [code for code in range(sys.maxunicode) if unicodedata.category(chr(code))[0] == "M"]
    ranges = []
    for _distance, group in groupby(enumerate(marks), key=lambda pair: pair[1] - pair[0]):
        codes = [code for _index, code in group]
        ranges.append(f"{chr(codes[0])}-{chr(codes[-1])}")
    return "".join(ranges)


#: What Django's validator of slugs in Unicode accepts, and marks between letters.
SLUG = re.compile(rf"^[-\w][-\w{_marks()}{JOINERS}]*\Z")
