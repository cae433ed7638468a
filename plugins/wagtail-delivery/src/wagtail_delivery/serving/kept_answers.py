"""The memory of answers: bounded, and rid of what a change or an expiry concerns.

An answer is what the API said, with nothing derived from it. It is found by all that the API reads
of a request, and dropped by its surrogate keys.
"""

from __future__ import annotations

import datetime
import heapq
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

#: Path and query as the server gives them.
Address = tuple[str, str]
#: What else the API reads: whether it is HEAD, HTTPS, the origin, and whether the ETag matches.
Variant = tuple[bool, bool, str, bool]
Headers = list[tuple[str, str]]

#: Headers that differ from answer to answer.
OWN_HEADERS = frozenset({"ETag", "Surrogate-Key", "Content-Length"})
#: Keys whose last change is remembered, for answers that were read before it and arrive later.
MOST_CHANGED_KEYS = 10_000
#: What an answer, an address and a key take beside their text, in bytes; measured, roughly.
ANSWER_SIZE, ADDRESS_SIZE, KEY_SIZE = 500, 560, 180
#: No single answer may take more than this part of the memory.
LARGEST_PART = 4


def shared_headers(headers: Headers) -> Headers:
    """`headers`, of which those that many answers have are in memory once."""
    return [one if one[0] in OWN_HEADERS else _shared_header(*one) for one in headers]


@lru_cache(maxsize=256)
def _shared_header(name: str, value: str) -> tuple[str, str]:
    return name, value


@dataclass(slots=True, frozen=True)
class Answer:
    """One answer as the API gave it."""

    status: str
    headers: Headers
    body: list[bytes]
    #: Where in `headers` the number of the change log is, and Cache-Control if that counts down.
    sequence_at: int
    cache_control_at: int | None

    def size(self) -> int:
        """The memory that it takes, in bytes."""
        text = sum(len(value) for name, value in self.headers if name in OWN_HEADERS)
        return ANSWER_SIZE + text + sum(map(len, self.body))


@dataclass(slots=True)
class Kept:
    """The answers at one address."""

    address: Address
    #: Quoted.
    etag: str
    #: Its name in the metrics.
    operation: str
    keys: tuple[str, ...]
    #: The number of the log that the first of them was read at.
    sequence: int
    #: When something that they show expires.
    expires_at: datetime.datetime | None
    answers: dict[Variant, Answer] = field(default_factory=dict)
    size: int = 0


class Reading(NamedTuple):
    """Where an answer comes from."""

    #: The number of the log at which it was read.
    sequence: int
    #: When the reading began, by the clock by which content expires.
    began_at: float
    #: `KeptAnswers.generation` at that time.
    generation: int


class Expiry(NamedTuple):
    """When the responses with some keys may become others, although nothing is written."""

    at: float
    keys: tuple[str, ...]


class KeptAnswers:
    """The answers that this process keeps.

    Reading (`find`) takes no lock. Everything else does.
    """

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self.size = 0
        #: The number of the last change that has been applied.
        self.sequence = 0
        #: The next moment at which something expires.
        self.next_expiry = math.inf
        #: Counts how often all was forgotten.
        self.generation = 0
        self._kept: OrderedDict[Address, Kept] = OrderedDict()
        #: One address by itself: most keys are those of a single document.
        self._by_key: dict[str, Address | set[Address]] = {}
        self._expiries: list[Expiry] = []
        #: When the last expiry was applied.
        self._expired_at = -math.inf
        #: The last changes of keys, the oldest first; `_floor` is that of all others.
        self._changed: OrderedDict[str, int] = OrderedDict()
        self._floor = 0
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def find(self, address: Address) -> Kept | None:
        """The answers at `address`, which are then the last ones to go for lack of room."""
        found = self._kept.get(address)
        if found is not None:
            try:  # noqa: SIM105 - a context manager takes as long as all the rest
                self._kept.move_to_end(address)
            except KeyError:
                # Another thread has dropped it just now; it was current when it was found.
                pass
        return found

    def keep(self, kept: Kept, variant: Variant, answer: Answer, reading: Reading) -> bool:
        """Keep an answer, unless a change or an expiry since its reading may concern it."""
        with self._lock:
            self._expire(time.time())
            if not self._is_current(kept.keys, reading):
                return False
            size = answer.size()
            own = len(kept.address[0]) + len(kept.address[1]) + ADDRESS_SIZE
            own += sum(KEY_SIZE + len(key) for key in kept.keys)
            if size + own > self.most_bytes // LARGEST_PART:
                return False
            found = self._kept.get(kept.address)
            if found is not None and not _is_same(found, kept):
                self._drop(found.address)
                found = None
            if found is None:
                found = kept
                found.size = own
                self.size += own
                self._kept[found.address] = found
                for key in found.keys:
                    self._add_to_key(key, found.address)
            if variant in found.answers:
                return True
            found.answers[variant] = answer
            found.size += size
            self.size += size
            while self.size > self.most_bytes:
                self._drop(next(iter(self._kept)))
            return True

    def change(self, sequence: int, keys: Iterable[str]) -> None:
        """Apply a change: drop what has any of `keys`."""
        with self._lock:
            if sequence <= self.sequence:
                return
            for key in keys:
                self._drop_key(key)
                self._changed.pop(key, None)
                self._changed[key] = sequence
            while len(self._changed) > MOST_CHANGED_KEYS:
                self._floor = self._changed.popitem(last=False)[1]
            # Last: whoever says this number must not find what is older.
            self.sequence = sequence

    def expect(self, expiries: Sequence[Expiry]) -> None:
        """Drop the answers with the keys of each when its time has come."""
        with self._lock:
            for expiry in expiries:
                heapq.heappush(self._expiries, expiry)
            self._note_next_expiry()

    def expire(self) -> None:
        """Drop what has expired."""
        with self._lock:
            self._expire(time.time())

    def reset(self, sequence: int) -> None:
        """Forget everything: the log before `sequence` says nothing about what is kept."""
        with self._lock:
            self.generation += 1
            self._kept.clear()
            self._by_key.clear()
            self._changed.clear()
            self._expiries.clear()
            self.size = 0
            self._floor = self.sequence = sequence
            self._note_next_expiry()

    def _is_current(self, keys: Iterable[str], reading: Reading) -> bool:
        return (
            reading.generation == self.generation
            and self._floor <= reading.sequence <= self.sequence
            and reading.began_at > self._expired_at
            and all(self._changed.get(key, 0) <= reading.sequence for key in keys)
        )

    def _expire(self, now: float) -> None:
        while self._expiries and self._expiries[0].at <= now:
            for key in heapq.heappop(self._expiries).keys:
                self._drop_key(key)
            self._expired_at = now
        self._note_next_expiry()

    def _note_next_expiry(self) -> None:
        self.next_expiry = self._expiries[0].at if self._expiries else math.inf

    def _add_to_key(self, key: str, address: Address) -> None:
        others = self._by_key.setdefault(key, address)
        if isinstance(others, set):
            others.add(address)
        elif others != address:
            self._by_key[key] = {others, address}

    def _drop_key(self, key: str) -> None:
        found = self._by_key.get(key, set())
        for address in [*found] if isinstance(found, set) else [found]:
            self._drop(address)

    def _drop(self, address: Address) -> None:
        kept = self._kept.pop(address)
        self.size -= kept.size
        for key in kept.keys:
            others = self._by_key[key]
            if isinstance(others, set):
                others.discard(address)
            if not others or others == address:
                del self._by_key[key]


def _is_same(one: Kept, other: Kept) -> bool:
    return (one.etag, one.keys, one.expires_at) == (other.etag, other.keys, other.expires_at)
