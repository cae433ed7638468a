"""Rules that a message and its translation must follow."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

_PRINTF = re.compile(r"%(?:\((?P<name>\w+)\))?[-#0 +]*[\d*]*(?:\.\d+)?[diouxXeEfFgGcrsa%]")
_BRACES = re.compile(r"\{\w*(?:![rsa])?(?::[^{}]*)?\}")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_ENTITY = re.compile(r"&#?\w+;")
_ADDRESS = re.compile(r"\b(?:https?://|www\.)\S+")
#: Endings that a translation must share with its message.
_ENDINGS = (".", ":", "?", "!", "…")


def plain(text: str) -> str:
    """A message without placeholders, markup and URLs."""
    for pattern in (_TAG, _PRINTF, _BRACES, _ENTITY, _ADDRESS):
        text = pattern.sub(" ", text)
    return text


def problems(message: str, translation: str, *, printf: bool = True) -> Iterator[str]:
    """Describe each part of `message` that its translation lacks or adds.

    `printf`: whether a percent sign starts a placeholder.
    """
    if not translation.strip():
        yield "the translation is missing"
        return
    kinds = {"tag": _TAG, "placeholder": _BRACES, "entity": _ENTITY}
    for kind, pattern in kinds.items():
        yield from _differences(kind, _all(pattern, message), _all(pattern, translation))
    if printf:
        yield from _differences("placeholder", _all(_PRINTF, message), _all(_PRINTF, translation))
    for where, start, end in (("start", None, 1), ("end", -1, None)):
        if message[start:end].isspace() != translation[start:end].isspace():
            yield f"whitespace at the {where} differs"
    ending = _ending(message)
    if ending != _ending(translation):
        yield f"the text must end as the English does ({ending or 'no full stop'})"


def _all(pattern: re.Pattern[str], text: str) -> Counter[str]:
    return Counter(match[0] for match in pattern.finditer(text) if match[0] != "%%")


def _differences(kind: str, wanted: Counter[str], found: Counter[str]) -> Iterator[str]:
    # Named placeholders may occur more or less often; everything else is counted.
    for text in wanted.keys() | found.keys():
        if text not in found:
            yield f"the {kind} {text} is missing"
        elif text not in wanted:
            yield f"the {kind} {text} is not in the English"
        elif wanted[text] != found[text] and (kind == "tag" or text in ("%s", "%d", "{}")):
            yield f"the {kind} {text} occurs {found[text]} times, not {wanted[text]}"


def _ending(text: str) -> str:
    text = text.rstrip().replace("...", "…")
    return text[-1] if text.endswith(_ENDINGS) else ""
