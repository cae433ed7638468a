"""Purging the caches of `WAGTAILFRONTENDCACHE` by address, with Wagtail's own backends.

Wagtail's functions go on after an error, so nobody knows whether the cache was purged. Its backends
log each error, to one logger, and return as if nothing had happened. So they are called directly,
and what they log is their answer.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from wagtail.contrib.frontend_cache.utils import get_backends

from wagtail_delivery.conf import PurgeByAddress
from wagtail_delivery.locales import content_locales
from wagtail_delivery.models import Change
from wagtail_delivery.purging.addresses import api_addresses, front_end_addresses
from wagtail_delivery.purging.errors import PurgeError

#: Addresses that a backend is given at once, and seconds that it may take for them.
BATCH, TIMEOUT = 100, 30.0
BACKENDS_LOG = logging.getLogger("wagtail.frontendcache")
#: Statuses by which a cache says that it does not have the address.
NOT_THERE = (404, 410, 412)


class AddressPurger:
    """Sends the addresses of what entries concern to Wagtail's backends."""

    def __init__(self, target: PurgeByAddress) -> None:
        self._target = target

    def purge(self, entries: Sequence[Change]) -> None:
        """Purge the addresses of `entries`. Raises PurgeError if a backend logs an error."""
        addresses = list(dict.fromkeys(self._addresses(entries)))
        backends = get_backends(backends=self._target.FRONTEND_CACHE)
        for name in self._target.FRONTEND_CACHE:
            if name not in backends:
                raise PurgeError(f"WAGTAILFRONTENDCACHE has no {name!r}.")
            backend = backends[name]
            own = [one for one in addresses if backend.invalidates_hostname(_host(one))]
            for start in range(0, len(own), BATCH):
                purge_within(backend, own[start : start + BATCH], TIMEOUT)

    def _addresses(self, entries: Sequence[Change]) -> Iterator[str]:
        locales = content_locales()
        for entry in entries:
            if self._target.PAGES:
                yield from front_end_addresses(entry)
            for base in self._target.API_ADDRESSES:
                yield from api_addresses(entry, base, locales)


def purge_within(backend: Any, addresses: list[str], seconds: float) -> None:
    """Let `backend` purge `addresses`. Raises PurgeError if it fails or takes longer.

    Wagtail's backends wait without end for a cache that does not answer. Such a thread is left to
    itself, so that the next attempt can be made.
    """
    errors: list[str] = []

    def run() -> None:
        try:
            with logged_errors(errors):
                backend.purge_batch(addresses)
        except Exception as error:  # each backend raises errors of its own
            errors.append(f"{type(error).__name__}: {error}")

    thread = threading.Thread(target=run, name="delivery-purge", daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        raise PurgeError(f"The cache did not answer within {seconds:g} seconds.")
    if errors:
        raise PurgeError(errors[0])


@contextmanager
def logged_errors(errors: list[str]) -> Iterator[None]:
    """Add the errors that this thread logs as a backend, except that something is not cached."""
    if BACKENDS_LOG.disabled or not BACKENDS_LOG.isEnabledFor(logging.ERROR):
        raise PurgeError(
            f"LOGGING must leave {BACKENDS_LOG.name!r} on for errors: they are needed."
        )
    own = threading.get_ident()

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.thread == own and not _says_not_there(record):
                errors.append(record.getMessage())

    collector = Collector(logging.ERROR)
    BACKENDS_LOG.addHandler(collector)
    try:
        yield
    finally:
        BACKENDS_LOG.removeHandler(collector)


def _says_not_there(record: logging.LogRecord) -> bool:
    """Whether a record of the HTTP backend (address, status, reason) says so."""
    args = record.args
    return isinstance(args, tuple) and len(args) == 3 and args[1] in NOT_THERE


def _host(address: str) -> str:
    return urlsplit(address).hostname or ""
