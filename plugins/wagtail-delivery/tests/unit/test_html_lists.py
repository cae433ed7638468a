"""Empty list items are removed from rich text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wagtail_delivery.encoding.html.lists import without_empty_items
from wagtail_delivery.encoding.html.text import html_to_text


@pytest.mark.parametrize(
    ("html", "left"),
    [
        # A list that begins indented, as the editor stores it.
        ("<ol><li><ol><li>a</li></ol></li></ol>", "<ol><li>a</li></ol>"),
        ("<ol><li><ol><li><ol><li>a</li></ol></li></ol></li></ol>", "<ol><li>a</li></ol>"),
        ("<ul><li><ul><li>a</li></ul></li><li>b</li></ul>", "<ul><li>a</li><li>b</li></ul>"),
        (
            "<ul><li>a<ul><li><ul><li>b</li></ul></li></ul></li></ul>",
            "<ul><li>a<ul><li>b</li></ul></li></ul>",
        ),
        # Numbers stay where no other item has a bullet.
        ("<ul><li><ol><li>a</li><li>b</li></ol></li></ul>", "<ol><li>a</li><li>b</li></ol>"),
        ("<ul><li><ol><li>a</li></ol></li><li>b</li></ul>", "<ul><li>a</li><li>b</li></ul>"),
        ("<ul><li>a</li><li></li></ul>", "<ul><li>a</li></ul>"),
        ("<ul><li>a</li>\n<li> <b></b>&nbsp;<br/></li></ul>", "<ul><li>a</li>\n</ul>"),
        ("<p>a</p><ul><li></li></ul><p>b</p>", "<p>a</p><p>b</p>"),
        ("<ul><li>a<li><li>b</ul>", "<ul><li>a<li>b</ul>"),
        ("<ul><li>a</li><li>", "<ul><li>a</li>"),
    ],
)
def test_empty_items_are_removed(html: str, left: str) -> None:
    assert without_empty_items(html) == left


@pytest.mark.parametrize(
    "html",
    [
        "",
        "<p></p>",
        "<ul><li>a</li></ul>",
        "<ul><li>a<ol><li>b</li></ol>c</li></ul>",
        "<ul><li><ul>a</ul></li></ul>",
        '<ul><li><img src="/a.png"></li><li><hr/></li></ul>',
        "<UL><LI>a</LI></UL >",
        "<a><ul><li></a></li></ul>",
        "<ul><li><b></li><li>a</b></li></ul>",
        "</li></ul>a",
        "<p>a &lt;li&gt;</p>",
    ],
)
def test_other_html_keeps_its_bytes(html: str) -> None:
    assert without_empty_items(html) == html


PIECES = st.sampled_from(
    ["<ul>", "<ol>", "<li>", "</li>", "</ul>", "</ol>", "a", " ", "<b>", "</b>", "<br>", "<hr>"]
)


@given(st.lists(PIECES, max_size=20).map("".join))
@settings(max_examples=300)
def test_no_words_are_lost(html: str) -> None:
    left = without_empty_items(html)
    assert "".join(html_to_text(left).split()) == "".join(html_to_text(html).split())


def _list_of(items: list[str]) -> str:
    return "<ul>" + "".join(f"<li>{item}</li>" for item in items) + "</ul>"


NESTED = st.recursive(
    st.sampled_from(["a", " ", "", "<b>a</b>", "<b></b>", "<br>", "<hr>"]),
    lambda inner: st.lists(st.lists(inner, max_size=2).map("".join), max_size=3).map(_list_of),
    max_leaves=12,
)


@given(NESTED)
@settings(max_examples=300)
def test_nothing_more_is_removed_the_second_time(html: str) -> None:
    left = without_empty_items(html)
    assert without_empty_items(left) == left


@pytest.mark.parametrize(
    "html",
    [
        "<ul><li>" * 30_000 + "</ol>" * 30_000 + "</ul>" * 30_000,
        "<ul><li>" * 30_000 + "a" + "</li></ul>" * 30_000,
        "<ul><li>" * 30_000 + "</li></ul>" * 30_000,
        "<li></ul>" * 60_000,
        "<ul><li><ol>" * 30_000,
    ],
    ids=lambda html: html[:12],
)
def test_tens_of_thousands_of_items_take_seconds(html: str) -> None:
    started = time.process_time()
    without_empty_items(html)
    assert time.process_time() - started < 20
