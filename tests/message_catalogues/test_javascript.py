"""Messages in bundled JavaScript."""

from __future__ import annotations

from devtools.catalogues.javascript import texts_of

BUNDLE = r"""
(()=>{var e=(0,x.AP)("Edit"),t=(0,y.AP)('Say \'no\''),n=(0,x.WI)("One page","Pages",3);
rt()("Save\u2026");console.log("nothing")})()
"""


def test_each_function_has_its_texts_whatever_its_module_is_called():
    assert texts_of(BUNDLE) == {
        ".AP": {"Edit", "Say 'no'"},
        ".WI": {"One page"},
        "rt()": {"Save…"},
        "console.log": {"nothing"},
    }
