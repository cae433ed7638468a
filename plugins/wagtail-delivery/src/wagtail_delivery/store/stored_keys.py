"""How a dependency key is stored: the column has a limit, and keys have none."""

from __future__ import annotations

import hashlib

from wagtail_delivery.models import DEPENDENCY_KEY_LENGTH

_DIGEST_SIZE = 16
#: The readable part of a longer key, before "~" and the digest in hexadecimal.
_KEPT = DEPENDENCY_KEY_LENGTH - 1 - 2 * _DIGEST_SIZE


def stored_key(key: str) -> str:
    """The form of a dependency key in the database; two keys never have the same.

    A key that fits is stored unchanged. A longer one ends in a digest of the whole key.
    """
    if len(key) <= DEPENDENCY_KEY_LENGTH:
        return key
    whole = hashlib.blake2b(key.encode(), digest_size=_DIGEST_SIZE, usedforsecurity=False)
    return f"{key[:_KEPT]}~{whole.hexdigest()}"
