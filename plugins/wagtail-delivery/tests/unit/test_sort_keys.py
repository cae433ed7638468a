"""Sort keys: in the order of their values, and equal if the values are equal."""

from __future__ import annotations

import datetime
import decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wagtail_delivery.sort_keys import LENGTH, sort_key

Decimal = decimal.Decimal
#: Neighbouring numbers that are the same double, or that have many digits.
ASCENDING: list[Any] = [
    float("-inf"),
    Decimal("-1e300"),
    -(2**63),
    -(2**63) + 1,
    -(2**53) - 1,
    -(2**53),
    Decimal("-12.5"),
    -12,
    Decimal("-1.0000000001"),
    Decimal("-1.00000000009999999999"),
    -1,
    Decimal("-0.5"),
    -5e-324,
    0,
    5e-324,
    Decimal("0.5"),
    1,
    Decimal("1.00000000009999999999"),
    Decimal("1.0000000001"),
    12,
    Decimal("12.5"),
    2**53,
    2**53 + 1,
    2**63 - 2,
    2**63 - 1,
    1e300,
    float("inf"),
    None,
]
NUMBERS = (
    st.integers()
    | st.floats(allow_nan=False)
    | st.decimals(allow_nan=False, allow_infinity=False, places=None)
)


def test_neighbouring_numbers_keep_their_order() -> None:
    for smaller, greater in pairwise(ASCENDING):
        assert sort_key(smaller) < sort_key(greater), (smaller, greater)


@given(NUMBERS, NUMBERS)
def test_keys_of_numbers_compare_like_the_numbers(one: Any, other: Any) -> None:
    if isinstance(one, float) != isinstance(other, float):
        return  # The key of a float comes from its shortest text, not from its exact value.
    keys = sort_key(one), sort_key(other)
    if max(map(len, keys)) <= LENGTH:
        assert (keys[0] < keys[1], keys[0] == keys[1]) == (one < other, one == other)


@pytest.mark.parametrize(
    "equal",
    [
        (0, -0.0, Decimal("-0.00"), Decimal("0E+9")),
        (1, 1.0, Decimal("1.000")),
        (1200, Decimal("1.2E+3"), Decimal("1200.00"), 1.2e3),
        (0.1, Decimal("0.10")),
        (-5, -5.0, Decimal("-5.0")),
    ],
)
def test_equal_numbers_have_equal_keys(equal: tuple[Any, ...]) -> None:
    assert len({sort_key(value) for value in equal}) == 1


def test_nan_and_none_have_the_same_key() -> None:
    assert sort_key(float("nan")) == sort_key(Decimal("NaN")) == sort_key(None)


@pytest.mark.parametrize("letter", ["x", "é", "ß", "語"])
def test_keys_of_long_texts_differ_after_the_cut(letter: str) -> None:
    long = letter * 500
    keys = [sort_key(text) for text in (long, f"{long}a", f"{long}b", long[:-1])]
    assert len(set(keys)) == 4
    assert len({key[:LENGTH] for key in keys}) == 1
    assert sort_key(long.upper()) == keys[0]


def test_keys_of_texts_keep_their_order_up_to_the_cut() -> None:
    words = ["", "a" * 150, "a" * LENGTH, "a" * (LENGTH + 1), "a" * 150 + "b" * 300, "b"]
    keys = [sort_key(word) for word in words[1:]]
    assert keys == sorted(keys)
    # A number with that many digits is cut too.
    assert sort_key(10**400 + 1) != sort_key(10**400 + 2)


def test_years_with_fewer_digits_come_first() -> None:
    moments = [datetime.datetime(year, 1, 1, tzinfo=datetime.UTC) for year in (9, 999, 1969)]
    keys = [sort_key(moment) for moment in moments]
    assert keys == sorted(keys)
