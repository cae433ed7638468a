"""Odd JSON, as programs send it."""

from __future__ import annotations

import json

#: What views of Wagtail and wagtail-localize look for in a body.
NAMES = (
    *("value", "comment", "title", "text", "id", "locale", "locales", "slug", "content"),
    *("position", "contentpath", "user", "html", "recursive", "alias", "new_slug", "new_title"),
    *("destination_page_id", "destination_parent_id", "revision_id", "keep_live", "message"),
)
DEEP = 3_000
#: In the place of a text, number or list.
VALUES: dict[str, str] = {
    "null": "null",
    "true": "true",
    "a list": "[1, null]",
    "an object": '{"a": [{}]}',
    "half an emoji": '"Tahniah \\ud83d semua"',
    "NUL": '"a\\u0000b"',
    "a number beyond all": "9" * 20,
    "a negative number": "-1",
    "a fraction": "1.5",
    "NaN": "NaN",
    "infinity": "1e999",
    "nothing": '""',
    "overlong": json.dumps("x" * 300_000),
    "HTML": json.dumps('<a id="a99">x</a><script>'),
    "nested": "[" * 50 + "]" * 50,
}


def object_of(value: str) -> bytes:
    """An object whose members all have this value."""
    members = ", ".join(f'"{name}": {value}' for name in NAMES)
    return ("{" + members + "}").encode()


#: In the place of a body.
BODIES: dict[str, bytes] = {
    "nothing": b"",
    "broken": b'{"value": [}',
    "cut": b'{"value": "a',
    "text": b"value=x",
    "another encoding": '{"value": "Caf\xe9"}'.encode("latin-1"),
    "UTF-16": '{"value": "x"}'.encode("utf-16"),
    "a number with 5,000 digits": b"1" * 5_000,
    "nested without end": b"[" * DEEP + b"]" * DEEP,
    "objects without end": b'{"value":' * DEEP + b"1" + b"}" * DEEP,
    "null": b"null",
    "a list": b"[1]",
    "a text": b'"x"',
    "an empty object": b"{}",
    "a name twice": b'{"value": 1, "value": 2}',
    **{f"objects with {oddity}": object_of(value) for oddity, value in VALUES.items()},
}
