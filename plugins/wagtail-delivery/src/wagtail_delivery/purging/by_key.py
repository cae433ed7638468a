"""Purging a cache by surrogate keys: Varnish with xkey, Fastly, and all that take such a request.

`docs/following.md` describes the request.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from wagtail_delivery.conf import PurgeByKey
from wagtail_delivery.models import Change
from wagtail_delivery.purging.errors import PurgeError

#: The most keys in a request (Fastly takes 256), and the most bytes of them (Varnish takes 8,192 in
#: a header, and some servers in all headers).
MOST_KEYS, MOST_BYTES = 250, 4000
#: Seconds that the cache may take for a request.
TIMEOUT = 5.0


class KeyPurger:
    """Sends the keys of entries to a cache."""

    def __init__(self, target: PurgeByKey) -> None:
        self._target = target

    def purge(self, entries: Sequence[Change]) -> None:
        """Purge the responses with the keys of `entries`. Raises PurgeError if it is refused."""
        keys = dict.fromkeys(key for entry in entries for key in entry.surrogate_keys.split())
        for part in parts_of(keys):
            self._send(part, entries[-1].sequence)

    def _send(self, keys: Sequence[str], sequence: int) -> None:
        target = self._target
        headers = {
            **target.HEADERS,
            target.KEYS_HEADER: " ".join(keys),
            "X-Content-Sequence": str(sequence),
        }
        request = Request(target.ADDRESS, method=target.METHOD, headers=headers)  # noqa: S310
        try:
            with urlopen(request, timeout=TIMEOUT) as response:  # noqa: S310 - the project's address
                response.read()
        except HTTPError as error:
            with error:
                raise PurgeError(f"The cache answered {error.code} {error.reason}.") from None


def parts_of(keys: Iterable[str]) -> Iterator[list[str]]:
    """`keys` in parts that fit into a request."""
    part: list[str] = []
    size = 0
    for key in keys:
        if part and (len(part) == MOST_KEYS or size + len(key) >= MOST_BYTES):
            yield part
            part, size = [], 0
        part.append(key)
        size += len(key) + 1
    if part:
        yield part
