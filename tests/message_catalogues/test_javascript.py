"""Messages in bundled JavaScript."""

from __future__ import annotations

from devtools.catalogues.javascript import texts_of

BUNDLE = r"""
(()=>{var e=(0,x.AP)("Edit"),t=(0,y.AP)('Say \'no\''),n=(0,x.WI)("One page","Pages",3);
rt()("Save\u2026");console.log("nothing")})()
"""


def test_texts_are_grouped_by_function_whatever_the_name_of_its_module():
    assert texts_of(BUNDLE) == {
        ".AP": {"Edit", "Say 'no'"},
        ".WI": {"One page"},
        "rt()": {"Save…"},
        "console.log": {"nothing"},
    }
