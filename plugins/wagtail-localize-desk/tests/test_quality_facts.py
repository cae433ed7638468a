"""Numbers, amounts, dates, times and references to laws are compared as values."""

from __future__ import annotations

from decimal import Decimal

import pytest

from wagtail_localize_desk.quality.facts import facts_in, impossible_dates

pytestmark = pytest.mark.any_database


def values(text: str, language: str) -> list[tuple[str, object]]:
    return [fact.key for fact in facts_in(text, language)]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("1.75 % dan 0.5 peratus", "ms", [("percentage", "1.75"), ("percentage", "0.5")]),
        ("8,450,000 people", "en", [("number", "8450000")]),
        ("8.450.000 Menschen", "de", [("number", "8450000")]),
        ("1,5 Millionen", "de", [("number", "1.5")]),
        ("3 juta orang", "ms", [("number", "3000000")]),
        ("3 million people", "en", [("number", "3000000")]),
        ("Borang 34", "ms", [("number", "34")]),
        ("௩௪", "ta", [("number", "34")]),
    ],
)
def test_numbers_follow_their_language(text, language, expected):
    wanted = [(kind, Decimal(number)) for kind, number in expected]
    assert values(text, language) == wanted


@pytest.mark.parametrize("text", ["RM3,000", "RM 3,000.00", "3,000 ringgit", "RM3 ribu"])
def test_one_amount_has_many_forms(text):
    assert values(text, "ms") == [("amount", ("MYR", Decimal(3000)))]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("1 Julai 1985", "ms"),
        ("1hb Julai 1985", "ms"),
        ("01/07/1985", "ms"),
        ("1.7.1985", "ms"),
        ("1985-07-01", "en"),
        ("July 1, 1985", "en"),
        ("1st of July 1985", "en"),
        ("1985年7月1日", "zh-hans"),
    ],
)
def test_one_date_has_many_forms(text, language):
    assert values(text, language) == [("date", (1, 7, 1985))]


def test_dates_without_a_year_or_a_day():
    assert values("15 Februari", "ms") == [("date", (15, 2, None))]
    assert values("Januari 2019", "ms") == [("date", (None, 1, 2019))]
    assert values("in May we may", "en") == []


def test_a_day_that_does_not_exist_is_told():
    found = impossible_dates(facts_in("51 January 1992, 30 February and 29 February 2024", "en"))
    assert [fact.shown for fact in found] == ["51 January 1992", "30 February"]


@pytest.mark.parametrize(
    ("text", "language"),
    [("pukul 2.30 petang", "ms"), ("2:30 p.m.", "en"), ("14:30", "en")],
)
def test_one_time_has_many_forms(text, language):
    assert values(text, language) == [("time", 14 * 60 + 30)]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Akta 4", "ms", ("act", "4")),
        ("Act No. 4", "en", ("act", "4")),
        ("Seksyen 20A(1)", "ms", ("section", "20A(1)")),
    ],
)
def test_laws_have_one_name(text, language, expected):
    assert values(text, language) == [("law", expected)]


def test_the_year_of_a_title_is_no_number_of_an_act():
    assert values("Employees' Social Security Act 1969", "en") == [("number", Decimal(1969))]


def test_addresses_are_taken_whole():
    assert values("a.b2@contoh.my, https://contoh.my/2024/x.", "ms") == [
        ("email", "a.b2@contoh.my"),
        ("url", "https://contoh.my/2024/x"),
    ]
