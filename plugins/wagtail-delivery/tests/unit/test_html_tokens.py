"""Tags as stored texts have them are read at once, and mean the same as read step by step."""

from __future__ import annotations

import re
from typing import Any

import pytest

from wagtail_delivery.encoding.html import tokens
from wagtail_delivery.encoding.html.tokens import tokens_of


@pytest.mark.parametrize(
    "tag",
    [
        "<p>",
        "</p>",
        "<H2>",
        "</LI>",
        '<p data-block-key="a1b2c">',
        '<a linktype="page" id="3">',
        '<A href="/a>b">',
        '<a href="?a=1&amp;b=2">',
        '<a id="1" id="2">',
        '<a ID="1">',
        '<a id="">',
        "<a id='1'>",
        "<a  id=1 >",
        '<a id="1"class="2">',
        '</p class="a">',
        "<br/>",
        "<hr>",
        '<embed alt="" embedtype="image"/>',
        "<my-tag>",
        '<a id="1',
        "<p",
    ],
)
def test_a_tag_is_the_same_whichever_way_it_is_read(
    tag: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fragment = f"before{tag}after</a>"
    found = list(tokens_of(fragment))
    monkeypatch.setattr(tokens, "_PLAIN_TAG", re.compile(r"(?!)"))
    expected: list[Any] = list(tokens_of(fragment))
    assert found == expected
