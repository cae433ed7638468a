"""Cursors: where a page of a list ended, as a text that only the list itself can read.

A cursor carries the order's key and the id of the last item, so that nothing repeats or is left out
while items come and go. It is sealed together with the query that it belongs to, so that a cursor
that was made up or belongs to another query is told from a good one.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import struct
from collections.abc import Sequence
from functools import lru_cache

from django.conf import settings
from django.utils.encoding import force_bytes

_SEAL = 9  # bytes; with it the text needs no padding for most ids
_LENGTH = struct.Struct(">H")


class BadCursorError(ValueError):
    """A cursor that this list did not give."""


def encode_cursor(query: Sequence[object], key: bytes, resource_id: str) -> str:
    """The cursor behind the item with this order key and id, in the list that `query` describes."""
    payload = _LENGTH.pack(len(key)) + key + resource_id.encode("utf-8")
    return _text(_seal(query, payload) + payload)


def decode_cursor(query: Sequence[object], cursor: str) -> tuple[bytes, str]:
    """The order key and id that `cursor` holds.

    Raises BadCursorError where `query` did not give it.
    """
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    except (binascii.Error, ValueError) as error:
        raise BadCursorError from error
    seal, payload = raw[:_SEAL], raw[_SEAL:]
    # The text is compared too: other texts decode to the same bytes.
    if _seal(query, payload) != seal or _text(raw) != cursor:
        raise BadCursorError
    (length,) = _LENGTH.unpack_from(payload)
    start = _LENGTH.size + length
    return payload[_LENGTH.size : start], payload[start:].decode("utf-8")


def _seal(query: Sequence[object], payload: bytes) -> bytes:
    seal = hashlib.blake2b(key=_key(settings.SECRET_KEY), digest_size=_SEAL)
    seal.update(hashlib.sha256(repr(query).encode("utf-8", "surrogatepass")).digest())
    seal.update(payload)
    return seal.digest()


@lru_cache(maxsize=2)
def _key(secret: str) -> bytes:
    return hashlib.sha256(b"wagtail_delivery.cursor" + force_bytes(secret)).digest()


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")
