"""Extract the messages of a source tree without gettext's programs.

Babel, a development requirement only, reads the Python; Django itself converts templates into code
that Babel can read.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel.messages.extract import extract
from django.utils.translation.template import templatize

from devtools.catalogues.packages import Key, installed_package

#: Which arguments of which functions are messages; "c" is the context.
_KEYWORDS = {
    **dict.fromkeys(("_", "_l", "gettext", "gettext_lazy", "gettext_noop"), (1,)),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
_LEFT_OUT = {"test", "tests", "static", "node_modules", "locale"}


@dataclass(frozen=True)
class Message:
    """A message and its location in the source."""

    key: Key
    plural: str
    location: str


def messages_in(*trees: Path) -> Iterator[Message]:
    """The messages of the Python files and templates below `trees`; tests are left out."""
    for tree in trees:
        for path in sorted(tree.rglob("*")):
            inner = path.relative_to(tree)
            if path.suffix in (".py", ".html", ".txt") and not _LEFT_OUT & {*inner.parts}:
                source = path.read_text(encoding="utf-8")
                yield from _messages(source, path.suffix, f"{tree.name}/{inner.as_posix()}")


@cache
def messages_of_package(package: str) -> tuple[Message, ...]:
    """The messages of an installed package; cached, because its source does not change."""
    return tuple(messages_in(installed_package(package)))


@cache
def _messages(source: str, suffix: str, name: str) -> tuple[Message, ...]:
    """The messages of one file; cached, because the tests check the same source many times."""
    if suffix != ".py":
        # Django's output keeps the template's indentation, which is not valid Python.
        source = re.sub(r"^[ \t]+", "", templatize(source, origin=name), flags=re.MULTILINE)
    elif "gettext" not in source:
        return ()
    messages = []
    found = extract("python", io.BytesIO(source.encode()), _KEYWORDS)
    for line, message, _comments, context in found:
        text, *plural = (message,) if isinstance(message, str) else message
        if text:
            messages.append(Message((context, text), plural[0] if plural else "", f"{name}:{line}"))
    return tuple(messages)
