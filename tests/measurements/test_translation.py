"""The benchmark of translators' work runs on both sides, and says what misses the goal."""

from __future__ import annotations

import pytest

from benchmarks import translation
from benchmarks.translation import report
from tests.nightly import NIGHTLY

pytestmark = pytest.mark.any_database


@pytest.mark.skipif(not NIGHTLY, reason="It starts two projects of its own.")
def test_both_sides_answer_on_the_same_steps(monkeypatch, capsys):
    monkeypatch.setenv("DATABASE_URL", "")
    assert translation.main(["--without-browser", "--strings", "2"]) == 0
    rows = [line.split(" | ") for line in capsys.readouterr().out.splitlines()[2:]]
    assert [name.strip("| ") for name, *_figures in rows] == [
        "submit, 2 strings",
        "open untranslated, 2 strings",
        "save a string, 2 strings",
        "open translated, 2 strings",
        "publish, 2 strings",
        "report of 30 translations",
    ]
    assert all(int(desk) > 0 and int(stock) > 0 for _name, desk, stock, _ratio in rows)


def done(**numbers: int) -> dict[str, dict[str, int]]:
    return {what: {"saving": number} for what, number in numbers.items()}


def test_the_goal_is_met_at_half_and_not_above():
    stock = [("profile", done(keys=4, clicks=10, loads=2, letters=70))]
    lines, is_met = report.effort([("profile", done(keys=2, clicks=5, loads=1))], stock)
    assert is_met
    assert "| 2 / 4 (0.50) | 5 / 10 (0.50) | 7 / 14 (0.50) | 1 / 2 (0.50) |" in lines[2]
    lines, is_met = report.effort([("profile", done(keys=3, clicks=5, loads=2))], stock)
    assert not is_met
    assert lines[-3:] == [
        "- profile: keys: desk: saving 3; stock: saving 4",
        "- profile: clicks: desk: saving 5; stock: saving 10",
        "- profile: loads: desk: saving 2; stock: saving 2",
    ]


def test_what_stock_needs_none_of_the_desk_may_not_need():
    assert not report.effort([("profile", done(loads=1))], [("profile", done(clicks=2))])[1]


def test_a_key_of_the_desk_stands_for_a_click_of_stock():
    assert report.effort([("profile", done(keys=1))], [("profile", done(clicks=2))])[1]


def test_sides_that_measured_other_things_are_not_compared():
    with pytest.raises(ValueError, match="'a', the other 'b'"):
        report.queries([("a", 1)], [("b", 1)])
