"""How a key or the name of a file is stored as text: the column has a limit, and they have none."""

from __future__ import annotations

import hashlib

from wagtail_delivery.models import STORED_KEY_LENGTH

_DIGEST_SIZE = 16
#: The readable part of a longer key, before "~" and the digest in hexadecimal.
_KEPT = STORED_KEY_LENGTH - 1 - 2 * _DIGEST_SIZE


def stored_key(key: str) -> str:
    """The form of a key in the database; two keys never have the same.

    A key that fits is stored unchanged. A longer one ends in a digest of the whole key.
    """
    if len(key) <= STORED_KEY_LENGTH:
        return key
    whole = hashlib.blake2b(key.encode(), digest_size=_DIGEST_SIZE, usedforsecurity=False)
    return f"{key[:_KEPT]}~{whole.hexdigest()}"
