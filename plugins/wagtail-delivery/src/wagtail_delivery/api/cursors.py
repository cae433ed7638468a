"""Cursors: where one page of a list ended, as a text that only that list accepts.

A cursor holds the order key and the document of the last item, so no item repeats or is missed
while others come and go. Django's signer seals it; the query is part of the salt, so a made-up
cursor and the cursor of another query fail alike. `SECRET_KEY_FALLBACKS` keeps cursors valid while
the secret key is rotated.
"""

from __future__ import annotations

import base64
import hashlib
import struct
from collections.abc import Sequence

from django.core.signing import BadSignature, Signer

_DOCUMENT = struct.Struct(">q")


class BadCursorError(ValueError):
    """This list did not issue the cursor."""


def encode_cursor(query: Sequence[object], key: bytes, document: int) -> str:
    """The cursor after the item with this order key and primary key, in the list of `query`."""
    payload = _DOCUMENT.pack(document) + key
    return _signer(query).sign(base64.urlsafe_b64encode(payload).rstrip(b"=").decode("ascii"))


def decode_cursor(query: Sequence[object], cursor: str) -> tuple[bytes, int]:
    """The order key and the primary key in `cursor`.

    Raises BadCursorError unless `query` issued it.
    """
    try:
        # The signature is of the text, so other encodings of the same bytes fail too.
        text = _signer(query).unsign(cursor)
    except (BadSignature, UnicodeEncodeError) as error:
        raise BadCursorError from error
    payload = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    (document,) = _DOCUMENT.unpack_from(payload)
    return payload[_DOCUMENT.size :], document


def _signer(query: Sequence[object]) -> Signer:
    # `ascii` also takes the surrogates that a filter's value may hold.
    identity = hashlib.sha256(ascii(query).encode("ascii")).hexdigest()
    return Signer(salt=f"wagtail_delivery.cursor.{identity}", sep=".")
