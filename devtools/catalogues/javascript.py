"""Messages in the JavaScript of installed packages, which is bundled and minified.

In a bundle `gettext` has a name such as `(0,x.AP)`. It is recognised by its arguments: if at least
half of a function's texts are messages of the package's catalogues, it is `gettext`, and its other
texts are messages too.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Set
from functools import cache

from devtools.catalogues.packages import installed_package

#: A call whose first argument is a text: the function, without its module's name in the bundle.
_CALL = re.compile(
    r"(?:\(0,[\w$]+(?P<export>\.[\w$]+)\)|(?P<name>[\w$]+(?:\.[\w$]+|\(\))*))"
    r"\(\s*(?P<text>\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*')"
)


def messages_in_bundles(package: str, known: Set[str]) -> Iterator[tuple[str, str]]:
    """The messages in an installed package's JavaScript, each with its file.

    `known`: the JavaScript messages of its catalogues.
    """
    for file, calls in _calls(package):
        for texts in calls.values():
            if len(texts & known) * 2 >= len(texts):
                yield from ((text, file) for text in sorted(texts))


@cache
def _calls(package: str) -> tuple[tuple[str, dict[str, set[str]]], ...]:
    """The functions that each file calls, with their texts."""
    home = installed_package(package)
    return tuple(
        (f"{home.name}/{path.relative_to(home).as_posix()}", texts_of(path.read_text("utf-8")))
        for path in sorted(home.rglob("static/**/*.js"))
    )


def texts_of(source: str) -> dict[str, set[str]]:
    """The functions that `source` calls with a text, each with all its texts."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for call in _CALL.finditer(source):
        found[call["export"] or call["name"]].add(_unescaped(call["text"]))
    return found


def _unescaped(literal: str) -> str:
    """The value of a JavaScript string literal."""

    def character(escape: re.Match[str]) -> str:
        code = escape[1]
        return chr(int(code[1:], 16)) if len(code) > 1 else {"n": "\n", "t": "\t"}.get(code, code)

    return re.sub(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)", character, literal[1:-1])
