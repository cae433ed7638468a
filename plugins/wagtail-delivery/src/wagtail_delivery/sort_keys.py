"""Sort keys: byte strings whose order is the order of the values.

Filters and orders compare these, so SQLite and PostgreSQL give the same lists whatever their
collations. Equal values have equal keys, and no digit is lost. Missing values come last.
"""

from __future__ import annotations

import datetime
import decimal
import hashlib
import struct
import unicodedata
import uuid
from typing import Any

from django.db import models

#: A longer key is cut to this length and followed by a digest, which keeps it distinct.
LENGTH = 200
#: Leading bytes of numbers: minus infinity, negative, zero, positive, infinity.
_LEAST, _NEGATIVE, _ZERO, _POSITIVE, _GREATEST = (bytes([sign]) for sign in range(0x10, 0x15))
#: The key of a missing value, which is greater than any other.
NOTHING = b"\xff"
#: Before the bytes of a UUID, which may begin like `NOTHING`.
_UUID = b"u"
#: Added to exponents to make them non-negative.
_BIAS = 1 << 31
_SORTABLE = (
    models.CharField,
    models.TextField,
    models.BooleanField,
    models.IntegerField,
    models.FloatField,
    models.DecimalField,
    models.DateField,
    models.TimeField,
    models.DurationField,
    models.UUIDField,
)


def is_sortable(field: Any) -> bool:
    """Whether a list can be ordered by a model field."""
    return isinstance(field, _SORTABLE)


def sort_key(value: Any) -> bytes:
    """The key of `value`. Text is compared ignoring case and accents."""
    key = _whole_key(value)
    if len(key) <= LENGTH:
        return key
    return key[:LENGTH] + hashlib.blake2b(key, digest_size=16, usedforsecurity=False).digest()


def _whole_key(value: Any) -> bytes:
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return b"\x01" if value else b"\x00"
    if isinstance(value, float):
        # The shortest decimal that gives the same float sorts as the float does.
        return _number(decimal.Decimal(repr(value)))
    if isinstance(value, int | decimal.Decimal):
        return _number(decimal.Decimal(value))
    if isinstance(value, datetime.datetime):
        moment = value if value.tzinfo is None else value.astimezone(datetime.UTC)
        past = moment.replace(tzinfo=None) - datetime.datetime.min
        return struct.pack(">Q", past // datetime.timedelta(microseconds=1))
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat().encode("ascii")
    if isinstance(value, datetime.timedelta):
        return _number(decimal.Decimal(value // datetime.timedelta(microseconds=1)))
    if isinstance(value, uuid.UUID):
        return _UUID + value.bytes
    return _text(str(value))


def _number(value: decimal.Decimal) -> bytes:
    """Sign, exponent and digits: one key for a number, however it is written or stored.

    Negative numbers have inverted bits and a 0xFF terminator, so the longer one sorts first.
    """
    sign, digits, exponent = value.as_tuple()
    if isinstance(exponent, str):
        if value.is_nan():
            return NOTHING
        return _LEAST if sign else _GREATEST
    text = "".join(map(str, digits)).lstrip("0")
    if not text:
        return _ZERO
    magnitude = struct.pack(">I", len(text) + exponent + _BIAS) + text.rstrip("0").encode("ascii")
    if not sign:
        return _POSITIVE + magnitude
    return _NEGATIVE + bytes(byte ^ 0xFF for byte in magnitude) + b"\xff"


def _text(value: str) -> bytes:
    if value.isascii():
        return value.lower().encode("ascii")
    decomposed = unicodedata.normalize("NFKD", value).casefold()
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return plain.encode("utf-8", "replace")
