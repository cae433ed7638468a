"""Errors planted in correct translations, one each, by rules that stand here.

Each rule changes a translation as people err, and is tried on every correct pair to which it
applies; the first of each kind are taken, so that no kind outweighs the others. Nothing is random:
the same pairs give the same errors.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

#: Errors of one kind, at most.
MOST = 16
MONTHS = tuple(calendar.month_name[1:])
#: A term, and how people write it wrongly.
WRONG_TERMS = {
    "SOCSO": "PERKESO",
    "Social Security Organisation": "Social Security Organization",
    "Ministry of Human Resources": "Ministry of Manpower",
    "Employees' Social Security Act 1969": "Workers' Social Security Act 1969",
    "Employment Insurance System Act 2017": "Job Insurance System Act 2017",
    "Housewives' Social Security Act 2022": "Homemakers' Social Security Act 2022",
    "Self-Employment Social Security Act 2017": "Self-Employed Social Security Act 2017",
}


class Planted(NamedTuple):
    """A translation with an error."""

    kind: str
    source: str
    words: str


class Correct(NamedTuple):
    """A right translation, with the limit of its field, if it has any."""

    source: str
    words: str


Rule = Callable[[Correct], str | None]


def planted(pairs: Sequence[Correct]) -> Iterator[Planted]:
    """The errors of all kinds in `pairs`."""
    for kind, rule in RULES.items():
        count = 0
        for pair in pairs:
            words = rule(pair)
            if words is not None and words != pair.words and count < MOST:
                count += 1
                yield Planted(kind, pair.source, words)


def _replaced(pattern: str, replace: Callable[[re.Match[str]], str]) -> Rule:
    def rule(pair: Correct) -> str | None:
        found = re.search(pattern, pair.words)
        return re.sub(pattern, replace, pair.words, count=1) if found else None

    return rule


def _other_digit(match: re.Match[str]) -> str:
    return match[0][:-1] + str((int(match[0][-1]) + 3) % 10)


def _other_month(match: re.Match[str]) -> str:
    return MONTHS[(MONTHS.index(match[0]) + 1) % 12]


def _wrong_term(pair: Correct) -> str | None:
    for right, wrong in WRONG_TERMS.items():
        if right in pair.words:
            return pair.words.replace(right, wrong)
    return None


def _sentence_left(pair: Correct) -> str | None:
    """The last sentence is still in Malay."""
    source, words = pair.source.split(". "), pair.words.split(". ")
    if len(words) < 2 or len(source) != len(words):
        return None
    return ". ".join([*words[:-1], source[-1]])


def _last_part_lost(pair: Correct) -> str | None:
    words = pair.words.split()
    return " ".join(words[: len(words) // 4]) if len(words) > 8 and "<" not in pair.words else None


def _swapped(pair: Correct) -> str | None:
    """The first two numbers, or the days of two dates, in each other's place."""
    numbers = re.findall(r"(?<![\w.,:/-])\d+(?:\.\d+)?(?![\w.,:/-]*\d)", pair.words)
    if len(set(numbers)) < 2 or "<" in pair.words or "@" in pair.words:
        return None
    first, second = numbers[:2]
    before, _first, rest = pair.words.partition(first)
    between, _second, after = rest.partition(second)
    return before + second + between + first + after


def _repeated(pair: Correct) -> str | None:
    words = pair.words.split(" ")
    if len(words) < 4 or not words[1].isalpha():
        return None
    return " ".join([*words[:2], *words[1:]])


def _unchanged(pair: Correct) -> str | None:
    return pair.source


RULES: dict[str, Rule] = {
    "another digit in a number": _replaced(r"(?<![\d./-])\d{1,3}(?![\d.,:/-])", _other_digit),
    "a decimal point moved": _replaced(
        r"(\d)\.(\d)(\d?)(?= ?(%|per))", lambda m: f"{m[1]}{m[2]}.{m[3] or 0}"
    ),
    "a group of thousands lost": _replaced(r"(?<=RM)(\d+),(\d{3})", lambda m: m[1]),
    "another amount": _replaced(r"(?<=RM)\d(?=\d)", _other_digit),
    "two numbers swapped": _swapped,
    "the currency lost": _replaced(r"RM(?=\d)", lambda m: ""),
    "another scale": _replaced(r"\bmillion\b", lambda m: "billion"),
    "another day": _replaced(rf"\b\d{{1,2}}(?= (?:{'|'.join(MONTHS)}))", _other_digit),
    "a day that does not exist": _replaced(
        rf"\b\d{{1,2}}(?= (?:{'|'.join(MONTHS)}))", lambda m: f"5{m[0][-1]}"
    ),
    "another month": _replaced(rf"(?<=\d )(?:{'|'.join(MONTHS)})", _other_month),
    "another year": _replaced(r"\b(?:19|20)\d\d\b", _other_digit),
    "another half of the day": _replaced(r"\bp\.m\.", lambda m: "a.m."),
    "another Act or section": _replaced(
        r"\b(Act|Section) (\d+)(?=[A-Z]?\b)(?<!\d{4})", lambda m: f"{m[1]} {m[2] * 2}"
    ),
    "another e-mail address": _replaced(r"@contoh", lambda m: "@contohh"),
    "another web address": _replaced(r"contoh\.my/panduan", lambda m: "contoh.my/guide"),
    "a link lost": _replaced(r"<a [^>]*>(.*?)</a>", lambda m: m[1]),
    "a tag lost": _replaced(r"</?b>", lambda m: ""),
    "a wrong term": _wrong_term,
    "nothing but a letter": lambda pair: "x",
    "blank": lambda pair: "   ",
    "left in Malay": _unchanged,
    "a sentence left in Malay": _sentence_left,
    "most of it lost": _last_part_lost,
    "a word written twice": _repeated,
    "two spaces": _replaced(r"(?<=\w) (?=\w)", lambda m: "  "),
    "a space before a mark": _replaced(r"(?<=\w)(?=[.?:]$)", lambda m: " "),
    "the last mark lost": _replaced(r"[.?:]$", lambda m: ""),
}
