"""64-bit numbers that stand for longer names in the tables of the store.

A number takes a fifth of the room of the names that it stands for, in its row and in each index.
They are made in Python on both sides, so a query has them as constants.
"""

from __future__ import annotations

import hashlib
from typing import NamedTuple


class Scope(NamedTuple):
    """What all the documents of a list have in common."""

    collection: str
    #: Of pages, the name of their site: `identifiers.DEFAULT` for the default one, else host:port.
    site: str
    locale: str


def list_hash(scope: Scope, order: str, type: str = "") -> int:
    """The number of the list of the documents of `scope`, or of one type of them, in `order`."""
    return _hash(b"list", *scope, type, order)


def filter_hash(scope: Scope, name: str, value: bytes) -> int:
    """The number of the documents of `scope` that have the key `value` for the filter `name`."""
    return _hash(b"filter", *scope, name, value)


def fallback_hash(number: int, better: str) -> int:
    """The number of those documents of a list or filter whose items the locale `better` lacks.

    It is computed from the number alone, so a statement can make these rows of others.
    """
    return number ^ fallback_mask(better)


def fallback_mask(better: str) -> int:
    """What `fallback_hash` changes in a number, for use in SQL."""
    return _hash(b"fallback", better)


def dependency_hash(key: str) -> int:
    """The number of a dependency key. If two had one, some documents would be compiled in vain."""
    return _hash(b"dependency", key)


def address_hash(site: str, path: str) -> int:
    """The number by which a route is found; two addresses may have the same, so compare those."""
    return _hash(b"address", site, path)


def _hash(kind: bytes, *names: str | bytes) -> int:
    """A signed number, as the databases have them. No name but the last contains a null byte."""
    parts = [name if isinstance(name, bytes) else _encoded(name) for name in names]
    digest = hashlib.blake2b(b"\0".join(parts), digest_size=8, person=kind, usedforsecurity=False)
    return int.from_bytes(digest.digest(), "big", signed=True)


def _encoded(name: str) -> bytes:
    return name.encode("utf-8", "surrogatepass")
