"""Values as byte strings whose byte order is the order of the values.

Filters and orders of lists compare these, so that SQLite and PostgreSQL, whatever their collations,
give the same lists. What has no value comes last.
"""

from __future__ import annotations

import datetime
import decimal
import struct
import unicodedata
import uuid
from typing import Any

from django.db import models

#: Longest key that is kept; longer texts are equal and ordered by their beginning.
LENGTH = 200
_NOTHING = b"\xff"
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
    """The key of `value`. Text is compared without regard to case and accents."""
    if value is None or value == "":
        return _NOTHING
    if isinstance(value, bool):
        return b"\x01" if value else b"\x00"
    if isinstance(value, int | float | decimal.Decimal):
        return _number(value)
    if isinstance(value, datetime.datetime):
        moment = value if value.tzinfo is None else value.astimezone(datetime.UTC)
        return moment.strftime("%Y-%m-%dT%H:%M:%S.%f").encode("ascii")
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat().encode("ascii")
    if isinstance(value, datetime.timedelta):
        return _number(decimal.Decimal(value // datetime.timedelta(microseconds=1)))
    if isinstance(value, uuid.UUID):
        return str(value).encode("ascii")
    return _text(str(value))


def _number(value: float | decimal.Decimal) -> bytes:
    # An IEEE double orders like its bits, once negative numbers are turned round.
    # -0.0 equals 0.0; adding makes it that.
    (bits,) = struct.unpack(">Q", struct.pack(">d", float(value) + 0.0))
    bits ^= 0xFFFFFFFFFFFFFFFF if bits >> 63 else 1 << 63
    return struct.pack(">Q", bits)


def _text(value: str) -> bytes:
    decomposed = unicodedata.normalize("NFKD", value).casefold()
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return plain.encode("utf-8", "replace")[:LENGTH]
