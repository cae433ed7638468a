"""The caches that are purged: what the setting PURGE names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from wagtail_delivery.conf import PurgeByKey, delivery_settings
from wagtail_delivery.models import Change
from wagtail_delivery.purging.by_address import AddressPurger
from wagtail_delivery.purging.by_key import KeyPurger


class Purger(Protocol):
    """Makes a cache forget."""

    def purge(self, entries: Sequence[Change]) -> None:
        """Purge the responses that `entries` concern. Raises any exception if it cannot."""
        ...


def purge_target_names() -> list[str]:
    """The names of the caches that are purged."""
    return list(delivery_settings().PURGE)


def purger_of(name: str) -> Purger:
    """What purges the cache with this name."""
    target = delivery_settings().PURGE[name]
    return KeyPurger(target) if isinstance(target, PurgeByKey) else AddressPurger(target)
