"""Surrogate keys: a cache's names for responses, by which it forgets those that a change concerns.

Each change has an entry of its own in the change log, also that of a document which shows something
that changed. So an entry names no more than the responses of its own document: by its id in every
locale, by its slugs and at its addresses, before and now, and its list.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Final

from wagtail_delivery.addresses import redirected_address
from wagtail_delivery.identifiers import PAGES, SITE

#: Of all responses of `/resolve`.
RESOLVED: Final = "resolve"


def surrogate_key(name: str) -> str:
    """A short key of anything that has a name."""
    return hashlib.blake2b(name.encode(), digest_size=6, usedforsecurity=False).hexdigest()


def document_key(collection: str, name: str) -> str:
    """The key of what has this id or slug in a collection; the same in every locale.

    A document may be shown in place of one in another locale, so that one's publish purges it.
    """
    return surrogate_key(f"{collection}/{name}")


def path_key(path: str) -> str:
    """The key of what a canonical path leads to, on any site and with or without a slash."""
    return surrogate_key(f"path:{redirected_address(path)}")


def keys_of_change(
    collection: str, names: Iterable[str], paths: Iterable[str], *, is_removed: bool
) -> Iterator[str]:
    """The keys of the responses that a change of a document concerns.

    `names` are its id and slugs, `paths` its addresses, each before and now.
    """
    yield collection
    yield from (document_key(collection, name) for name in names if name)
    yield from (path_key(path) for path in paths if path)
    if collection == SITE and is_removed:
        # Another site may be the default one now, so what was asked for without a site is another.
        yield from (PAGES, RESOLVED)
