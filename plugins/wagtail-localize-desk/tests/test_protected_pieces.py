"""Tags of a string are tokens that cannot be broken or forgotten unnoticed."""

from __future__ import annotations

import pytest
from django.utils.translation import override
from hypothesis import assume, given
from hypothesis import strategies as st
from wagtail_localize.strings import StringValue

from wagtail_localize_desk.screen.protected_pieces import (
    BrokenPiecesError,
    description,
    pieces_of,
    to_html,
    to_tokens,
)
from wagtail_localize_desk.screen.word_differences import Part, word_difference

pytestmark = pytest.mark.any_database


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


SOURCE = 'Lihat <a id="a1">Akta <b>4</b></a> &amp; <b>caruman</b><br/>1 &lt; 2'
TOKENS = "Lihat {1}Akta {2}4{/2}{/1} & {3}caruman{/3}\n1 < 2"


def test_tags_are_numbered_tokens():
    pieces = pieces_of(SOURCE)
    assert to_tokens(SOURCE, pieces) == TOKENS
    assert [(piece.tag, piece.key, piece.text) for piece in pieces] == [
        ("a", "a1", "Akta 4"),
        ("b", "", "4"),
        ("b", "", "caruman"),
    ]


def test_a_text_with_its_tokens_becomes_the_same_string():
    assert to_html(TOKENS, pieces_of(SOURCE)) == SOURCE


def test_the_order_of_pieces_may_change():
    assert (
        to_html("{3}Contribution{/3} ({1}Act {2}4{/2}{/1})", pieces_of(SOURCE))
        == '<b>Contribution</b> (<a id="a1">Act <b>4</b></a>)'
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{1}Act {2}4{/2}{/1}", "{3}…{/3}"),
        ("Act 4, contribution", "{1}…{/1}, {2}…{/2}, {3}…{/3}"),
        ("{1}Act {2}4{/2}{/1} {3}x{/3} {3}y{/3}", "{3} is there twice"),
        ("{1}Act {2}4{/2}{/1} {3}x{/3} {4}y{/4}", "{4} is not in the source"),
        ("{1}Act {2}4{/1}{/2} {3}x{/3}", "{/2} has to come before {/1}"),
        ("{/1}Act {2}4{/2}{1} {3}x{/3}", "{/1} has to come after {1}"),
        ("{1}Act {2}4{/2}{/1} {3}x", "Write {/3} after {3}"),
        ("{1}Act {2}4{/2}{/1} {3} {/3}", "“caruman” between {3} and {/3}"),
    ],
)
def test_broken_and_forgotten_pieces_are_refused_with_the_reason(text, reason):
    with pytest.raises(BrokenPiecesError) as refusal:
        to_html(text, pieces_of(SOURCE))
    assert reason in str(refusal.value)


def test_tags_that_the_source_has_no_longer_leave_their_words():
    assert to_tokens('See <a id="a9">Act 4</a> <b>now</b>', pieces_of("<b>kini</b>")) == (
        "See Act 4 {1}now{/1}"
    )


def test_html_that_a_translator_types_is_text():
    html = to_html("<script>alert(1)</script> <b>x</b>", [])
    assert StringValue(html).render_text() == "<script>alert(1)</script> <b>x</b>"
    assert "<script>" not in html


def test_text_that_looks_like_a_token_is_text():
    source = "Pilih {1} atau {{/2}"
    assert pieces_of(source) == []
    assert to_tokens(source, []) == "Pilih {{1} atau {{{/2}"
    assert to_html(to_tokens(source, []), []) == source


def test_pieces_are_described():
    link, bold, _other = pieces_of(SOURCE)
    assert description(link, {"a1": {"href": "https://a.test/"}}) == (
        "Link “Akta 4” → https://a.test/"
    )
    assert description(link, {"a1": {"linktype": "act", "id": 4}}) == "Reference “Akta 4”"
    assert description(bold, {}) == "Bold “4”"


@given(st.text(alphabet="ab {}/1234&<>\"'\n", max_size=40))
def test_any_plain_text_comes_back(text):
    # wagtail-localize makes one space of a line that has only spaces.
    assume(all(line.strip() or len(line) < 2 for line in text.split("\n")))
    assert StringValue(to_html(text_as_shown(text), [])).render_text() == text


def text_as_shown(text: str) -> str:
    return to_tokens(StringValue.from_plaintext(text).data, [])


def test_the_difference_is_in_words():
    assert word_difference("Kadar 1.75 peratus {1}x{/1}", "Kadar 2.00 peratus {1}x{/1}") == [
        Part("kept", "Kadar "),
        Part("removed", "1.75"),
        Part("added", "2.00"),
        Part("kept", " peratus {1}x{/1}"),
    ]
