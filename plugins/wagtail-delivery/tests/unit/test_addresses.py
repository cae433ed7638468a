"""The canonical forms of front-end addresses."""

from __future__ import annotations

import unicodedata
from urllib.parse import quote, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wagtail_delivery.addresses import (
    canonical_path,
    canonical_query,
    redirected_address,
    split_address,
    without_tracking,
)

#: Text as a visitor's address can have it.
TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@given(TEXT)
def test_a_canonical_path_is_ascii_and_stays_as_it_is(text: str) -> None:
    path = canonical_path(f"/{text}")
    assert path.isascii()
    assert canonical_path(path) == path


@given(TEXT)
def test_each_spelling_of_a_path_has_the_same_form(text: str) -> None:
    path = f"/{text.replace('%', '')}/"
    expected = canonical_path(path)
    for form in ("NFC", "NFD"):
        spelling = unicodedata.normalize(form, path)
        assert canonical_path(spelling) == expected
        assert canonical_path(quote(spelling, safe="/")) == expected
        assert canonical_path(quote(spelling, safe="/").lower()) == canonical_path(
            unquote(quote(spelling, safe="/").lower())
        )


@given(st.lists(TEXT))
def test_the_order_of_parameters_is_the_same(parts: list[str]) -> None:
    query = canonical_query("&".join(parts))
    assert query.isascii()
    assert canonical_query(query) == query
    assert canonical_query("&".join(reversed(parts))) == query


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/", ("/", "")),
        ("/a/?", ("/a/", "")),
        ("/a?b=1&a=2#c?d", ("/a", "a=2&b=1")),
        ("/a#b?c", ("/a", "")),
        ("/a%3Fb%23c", ("/a%3Fb%23c", "")),
        ("/a?b=%26&c=d=e", ("/a", "b=%26&c=d%3De")),
        ("/a?x&x=", ("/a", "x&x=")),
        ("/a?q=1+2&r=1%2B2", ("/a", "q=1%202&r=1%2B2")),
        ("/%FF?%ff", ("/%FF", "%FF")),
        ("/a%2fb", ("/a%2Fb", "")),
    ],
)
def test_an_address_has_a_path_and_parameters(address: str, expected: tuple[str, str]) -> None:
    assert split_address(address) == expected


@pytest.mark.parametrize(
    ("path", "query", "expected"),
    [
        ("/", "", "/"),
        ("/", "a=1", "/?a=1"),
        ("/q/", "a=1", "/q?a=1"),
        ("/q", "", "/q"),
        ("/a;z/b;d;c/", "", "/a;z/b;c;d"),
    ],
)
def test_the_address_of_a_redirect(path: str, query: str, expected: str) -> None:
    assert redirected_address(path, query) == expected


def test_parameters_that_track_visitors_are_known_by_their_whole_names() -> None:
    query = "_ga=1&fbclid=1&fbclidx=1&id=7&utm_source=a&utmost=1&xutm_id=1"
    assert without_tracking(query) == "fbclidx=1&id=7&utmost=1&xutm_id=1"
    assert without_tracking("gclid&utm_id") == ""
