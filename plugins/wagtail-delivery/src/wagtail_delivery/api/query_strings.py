"""A strict parser of query strings: errors are reported, never guessed at or ignored."""

from __future__ import annotations

import re
from collections.abc import Collection
from urllib.parse import unquote_to_bytes

from wagtail_delivery.api.problems import bad_parameters

#: Maximum length of a parameter's value, in characters.
LONGEST = 2000
#: Maximum length of an id or slug: the size of the store's columns.
LONGEST_NAME = 255
UNKNOWN = "Unknown parameter."
#: The JSON schema of any text of a parameter. Regular expressions of all languages know this NUL.
TEXT = {"type": "string", "maxLength": LONGEST, "pattern": r"^[^\x00]*$"}
#: The JSON schema of an id or slug in a path.
NAME = {"type": "string", "minLength": 1, "maxLength": LONGEST_NAME, "pattern": r"^[^\x00]*$"}
#: More parts than any operation has parameters.
MOST = 100

_BROKEN_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")


def parse_query_string(query: str, known: Collection[str]) -> dict[str, str]:
    """The parameters in the query string `query` (as WSGI gives it); they must be among `known`.

    Raises ProblemError (400) that names each parameter that is unknown, is repeated, is not UTF-8,
    holds a NUL or is too long.
    """
    values: dict[str, str] = {}
    errors: list[tuple[str, str]] = []
    parts = query.split("&", MOST)
    for part in parts[:MOST]:
        if not part:
            continue
        raw_name, _, raw_value = part.partition("=")
        name, fault = _decode(raw_name)
        if name not in known:
            errors.append((name, UNKNOWN))
            continue
        if name in values:
            errors.append((name, "Must not be repeated."))
            continue
        values[name], fault = _decode(raw_value)
        if fault:
            errors.append((name, fault))
    if len(parts) > MOST:
        errors.append((_decode(parts[MOST].partition("=")[0])[0], "Too many parameters."))
    if errors:
        raise bad_parameters(*errors)
    return values


def _decode(text: str) -> tuple[str, str]:
    """`text` decoded, with replacements if needed, and what is wrong with it."""
    if text.isascii() and "%" not in text and "+" not in text:
        decoded, fault = text, ""
    else:
        fault = "Must have valid percent-encoding." if _BROKEN_ESCAPE.search(text) else ""
        # WSGI passes unescaped bytes as latin-1.
        raw = unquote_to_bytes(text.replace("+", " ").encode("latin-1", "replace"))
        try:
            decoded = raw.decode("utf-8")
        except UnicodeDecodeError:
            decoded, fault = raw.decode("utf-8", "replace"), "Must be valid UTF-8."
    return decoded, fault or text_fault(decoded)


def text_fault(text: str, longest: int = LONGEST) -> str:
    """Why `text` is not acceptable as a value; empty if it is."""
    if len(text) > longest:
        return f"Must have at most {longest} characters."
    if "\0" in text:
        return "Must not contain a NUL character."
    return ""
