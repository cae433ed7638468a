"""Facts that a translation must keep, as values that do not depend on the language.

`facts_in` takes each piece of a text once: an e-mail address is no number, and a date is not three.
"""

from __future__ import annotations

import calendar
import functools
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils import dates as django_dates
from django.utils import translation
from django.utils.formats import get_format

from wagtail_localize_desk.quality.pairs import base_of

#: Powers of ten by language.
SCALES = {
    "en": {"thousand": 3, "million": 6, "billion": 9, "trillion": 12},
    "ms": {"ribu": 3, "juta": 6, "bilion": 9, "trilion": 12},
}
#: Small numbers are often written as words.
SPELLED = {
    "en": "one two three four five six seven eight nine ten eleven twelve",
    "ms": "satu dua tiga empat lima enam tujuh lapan sembilan sepuluh sebelas dua-belas",
}
#: Parts of laws, under one name for both languages.
LAW_WORDS = {
    "en": {
        "act": "act",
        "section": "section",
        "subsection": "subsection",
        "regulation": "regulation",
        "paragraph": "paragraph",
        "schedule": "schedule",
    },
    "ms": {
        "akta": "act",
        "seksyen": "section",
        "subseksyen": "subsection",
        "peraturan": "regulation",
        "perenggan": "paragraph",
        "jadual": "schedule",
    },
}
CURRENCIES = {"RM": "MYR", "US$": "USD", "S$": "SGD", "$": "USD", "€": "EUR", "£": "GBP"}
CURRENCY_WORDS = {"ringgit": "MYR"}
PERCENT_WORDS = ("%", "peratus", "per cent", "percent")
#: Half a day in which an hour stands.
AFTERNOON = ("p.m.", "pm", "p.m", "petang", "malam")
MORNING = ("a.m.", "am", "a.m", "pagi")
MIDDAY = ("tengah hari", "tengahari", "noon")

EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
URL = re.compile(r"(?:https?://|www\.)[^\s<>\"”)]*[^\s<>\"”).,;:!?]", re.IGNORECASE)
ORDINAL = r"(?:st|[nr]d|th|hb\.?|haribulan)?"
TIME = re.compile(
    r"(?<![\d.,])(\d{1,2})(?:[.:](\d{2}))?\s*"
    rf"({'|'.join(map(re.escape, AFTERNOON + MORNING + MIDDAY))})(?!\w)|"
    r"(?<![\d.,:])([01]?\d|2[0-3]):([0-5]\d)(?![\d:])",
    re.IGNORECASE,
)
NUMERIC_DATE = re.compile(
    r"(?<!\d)(?:(\d{1,2})([/.-])(\d{1,2})\2(\d{4})|(\d{4})-(\d{2})-(\d{2}))(?!\d)"
)
CHINESE_DATE = re.compile(r"(?:(\d{4})\s*年\s*)?(\d{1,2})\s*月(?:\s*(\d{1,2})\s*日)?")


@dataclass(frozen=True)
class Fact:
    """A value, with the text in which it stands. Equal facts say the same in any language."""

    kind: str
    value: object
    shown: str

    @property
    def key(self) -> tuple[str, object]:
        return self.kind, self.value


Found = tuple[str, object]


def facts_in(text: str, language: str) -> list[Fact]:
    """The facts of a text in a language, by kind, in their order."""
    text = _with_western_digits(text)
    found = []
    for pattern, read in _readers(language):
        left = []
        end = 0
        for match in pattern.finditer(text):
            fact = read(match)
            if fact is None:
                continue
            kind, value = fact
            found.append((match.start(), Fact(kind, value, match[0].strip())))
            left.append(text[end : match.start()] + " " * len(match[0]))
            end = match.end()
        text = "".join(left) + text[end:]
    return [fact for _start, fact in sorted(found, key=lambda each: each[0])]


def spelled_numbers(text: str, language: str) -> set[Decimal]:
    """The small numbers that the text has as words."""
    words = SPELLED.get(base_of(language), "").split()
    present = set(
        re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", text.lower().replace("dua belas", "dua-belas"))
    )
    return {Decimal(number) for number, word in enumerate(words, 1) if word in present}


def _with_western_digits(text: str) -> str:
    """Digits of all scripts as 0 to 9."""
    if text.isascii():
        return text
    return "".join(
        str(unicodedata.decimal(sign)) if sign.isdecimal() and not sign.isascii() else sign
        for sign in text
    )


@functools.cache
def _readers(
    language: str,
) -> list[tuple[re.Pattern[str], Callable[[re.Match[str]], Found | None]]]:
    months = _months(language)
    names = "|".join(re.escape(name) for name in sorted(months, key=len, reverse=True))
    month = rf"(?<!\w)({names})(?!\w)\.?"
    day_first = re.compile(
        rf"(?<![\d.,])(\d{{1,2}}){ORDINAL}\s+(?:of\s+)?{month}(?:,?\s+(\d{{4}})(?!\d))?",
        re.IGNORECASE,
    )
    month_first = re.compile(
        rf"{month}\s+(?:(\d{{1,2}}){ORDINAL}(?!\d)(?:,?\s+(\d{{4}})(?!\d))?|(\d{{4}})(?!\d))",
        re.IGNORECASE,
    )
    return [
        (EMAIL, lambda match: ("email", match[0].lower())),
        (URL, lambda match: ("url", match[0])),
        (NUMERIC_DATE, _numeric_date),
        (CHINESE_DATE, lambda match: ("date", (_int(match[3]), int(match[2]), _int(match[1])))),
        (
            day_first,
            lambda match: ("date", (int(match[1]), months[match[2].lower()], _int(match[3]))),
        ),
        (
            month_first,
            lambda match: (
                "date",
                (_int(match[2]), months[match[1].lower()], _int(match[3] or match[4])),
            ),
        ),
        (TIME, _time),
        (_law_pattern(language), functools.partial(_law, LAW_WORDS.get(base_of(language), {}))),
        (_number_pattern(language), functools.partial(_number, language)),
    ]


def _int(digits: str | None) -> int | None:
    return int(digits) if digits else None


@functools.cache
def _months(language: str) -> Mapping[str, int]:
    """The month of each name, in lower case, as Django writes them in the language."""
    with translation.override(language):
        tables = (django_dates.MONTHS, django_dates.MONTHS_3, django_dates.MONTHS_ALT)
        return {
            str(name).lower().rstrip("."): number
            for table in tables
            for number, name in table.items()
        }


def _numeric_date(match: re.Match[str]) -> Found | None:
    """A date in digits: day, month and year, or as ISO 8601 writes it."""
    if match[5]:
        return "date", (int(match[7]), int(match[6]), int(match[5]))
    return "date", (int(match[1]), int(match[3]), int(match[4]))


def _time(match: re.Match[str]) -> Found | None:
    """A time of day as minutes since midnight."""
    if match[4]:
        return "time", int(match[4]) * 60 + int(match[5])
    hour, minute, half = int(match[1]), int(match[2] or 0), match[3].lower()
    if hour > 23 or minute > 59:
        return None
    if (half in AFTERNOON or half in MIDDAY) and hour < 12 and not (half in MIDDAY and hour == 11):
        hour += 12
    if half in MORNING and hour == 12:
        hour = 0
    return "time", hour * 60 + minute


def _law_pattern(language: str) -> re.Pattern[str]:
    words = LAW_WORDS.get(base_of(language), {})
    names = "|".join(words) or r"(?!)"
    return re.compile(
        # A year is none: "Act 1969" is the end of a title.
        rf"(?<!\w)({names})s?\s+(?:no\.?\s*)?(?!(?:1[89]|20)\d\d(?!\d))"
        rf"(\d{{1,4}}[A-Z]?(?:\(\w{{1,3}}\))*)(?![\w/]|\.\d)",
        re.IGNORECASE,
    )


def _law(words: Mapping[str, str], match: re.Match[str]) -> Found | None:
    return "law", (words[match[1].lower()], match[2].upper())


def _number_pattern(language: str) -> re.Pattern[str]:
    decimal = re.escape(get_format("DECIMAL_SEPARATOR", language))
    group = r"[.\s\u00a0\u202f]" if decimal == "," else r"[,\u00a0\u202f]"
    number = rf"\d{{1,3}}(?:{group}\d{{3}})+(?!\d)(?:{decimal}\d+)?|\d+(?:{decimal}\d+)?"
    signs = "|".join(re.escape(sign) for sign in CURRENCIES)
    scales = "|".join(SCALES.get(base_of(language), ())) or r"(?!)"
    after = "|".join(re.escape(word) for word in (*PERCENT_WORDS, *CURRENCY_WORDS))
    return re.compile(
        rf"(?:(?<!\w)(?-i:(?P<sign>{signs}))\s*)?(?P<number>{number})"
        rf"(?:\s*(?P<scale>{scales})(?!\w))?(?:\s*(?P<after>{after})(?!\w))?",
        re.IGNORECASE,
    )


def _number(language: str, match: re.Match[str]) -> Found | None:
    decimal = get_format("DECIMAL_SEPARATOR", language)
    digits = "".join(
        "." if sign == decimal else sign
        for sign in match["number"]
        if sign.isdigit() or sign == decimal
    )
    value = Decimal(digits).normalize()
    if match["scale"]:
        value *= 10 ** SCALES[base_of(language)][match["scale"].lower()]
        value = value.normalize()
    after = (match["after"] or "").lower()
    if match["sign"]:
        return "amount", (CURRENCIES[match["sign"]], value)
    if after in CURRENCY_WORDS:
        return "amount", (CURRENCY_WORDS[after], value)
    return ("percentage" if after else "number"), value


def impossible_dates(facts: list[Fact]) -> Iterator[Fact]:
    """Dates with a day that their month never has, or a month that the year has not."""
    for fact in facts:
        if fact.kind == "date" and isinstance(fact.value, tuple):
            day, month, year = fact.value
            if (
                not 1 <= month <= 12
                or not 1 <= (day or 1) <= calendar.monthrange(year or 2000, month)[1]
            ):
                yield fact
