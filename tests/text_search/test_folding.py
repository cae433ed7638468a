"""What is compared is the same with and without positions."""

from __future__ import annotations

import pytest

from cms.text_search.folding import fold, folded


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  Akta   4 ",
        "Akta\u00a0Keselamatan\x1f\nSosial\t",
        "“Café” — ﬁn",
        "İstanbul ẞ",
        "\u00ad\u200b a\u0301",
        " \u2003 ",
    ],
)
def test_a_text_is_compared_the_same_with_and_without_positions(text: str) -> None:
    assert fold(text) == folded(text).text
