"""Strings keep their identity by place and words."""

from __future__ import annotations

import pytest

from wagtail_localize_desk.matching import Known, Place, match

pytestmark = pytest.mark.any_database

SENTENCE = "Skim ini melindungi pekerja yang ditimpa bencana kerja."


def known(path: str, words: str, number: int | None = 0, has_words: bool = True) -> Known:
    return Known(path, words, number, has_words)


@pytest.mark.parametrize(
    ("places", "strings", "pairs"),
    [
        pytest.param([("a", "x")], [known("a", "x")], {0: 0}, id="unchanged"),
        pytest.param([("b", "x")], [known("a", "x")], {0: 0}, id="moved"),
        pytest.param([("a", "y")], [known("a", "x")], {0: 0}, id="changed"),
        pytest.param(
            [("a", "y"), ("b", "x")], [known("a", "x"), known("b", "y")], {0: 1, 1: 0}, id="swapped"
        ),
        pytest.param(
            [("new", SENTENCE[:-1])], [known("old", SENTENCE)], {0: 0}, id="anew without full stop"
        ),
        pytest.param([("new", "Lain sekali")], [known("old", SENTENCE)], {}, id="another text"),
        pytest.param(
            [("a", SENTENCE), ("a", "Baharu"), ("a", "Akhir")],
            [known("a", f"{SENTENCE} Ya."), known("a", "Akhir", 1)],
            {0: 0, 2: 1},
            id="inserted",
        ),
        pytest.param(
            [("a", "Satu"), ("a", "Empat")],
            [known("a", "Satu"), known("a", "Dua", 1)],
            {0: 0, 1: 1},
            id="rewritten",
        ),
        pytest.param([("a", "x")], [known("a", "x", None)], {0: 0}, id="comes again"),
        pytest.param(
            [("b", "x")],
            [known("b", "x", None, has_words=False), known("a", "x")],
            {0: 1},
            id="moved, before one without translation",
        ),
        pytest.param(
            [("a", "x"), ("b", "x")], [known("a", "x")], {0: 0}, id="copied: the original keeps it"
        ),
        pytest.param(
            [("2.text", "x")],
            [known("1.heading", "x"), known("1.text", "x")],
            {0: 1},
            id="the same kind of place",
        ),
        pytest.param([("a", "y")], [known("a", "x", None)], {}, id="no string of the last version"),
    ],
)
def test_matches(places, strings, pairs):
    assert match([Place(*place) for place in places], strings) == pairs


def test_no_string_is_matched_twice():
    places = [Place("a", f"Ayat {number}") for number in range(40)]
    strings = [known("a", f"Ayat {number}", number) for number in range(20, 60)]
    pairs = match(places, strings)
    assert len(pairs) == len(set(pairs.values())) == 40
    assert all(
        places[place].words == strings[other].words for place, other in pairs.items() if place >= 20
    )
