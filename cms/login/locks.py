"""Who is refused at the moment, or has failed lately, and how an administrator lets them in again.

A name that is no account's may be a password that somebody typed into the wrong field, so it is
never shown: its failures appear with their address only.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth import get_user_model
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from cms.login import shared_passwords
from cms.login.models import SharedPasswordFailure
from cms.login.second_factor import devices
from cms.login.throttle import Failures, cool_off, end_of_lock

logger = logging.getLogger("cms.login")

#: The newest failures that the list is made of.
LIMIT = 5000


class Kind(StrEnum):
    """What failed."""

    ACCOUNT = "account"
    ADDRESS = "address"
    CODE = "code"
    SHARED_PASSWORD = "shared-password"  # noqa: S105


@dataclass(frozen=True)
class Lock:
    """The failures of one account or address, and until when it is refused if it is."""

    kind: Kind
    #: An account's primary key, or an address.
    key: str
    name: str
    failures: int
    last_failure: datetime
    until: datetime | None


def current_locks() -> list[Lock]:
    """Those that are refused, longest first, then all others with recent failures."""
    attempts = _attempts()
    found = [*_accounts(attempts), *_addresses(attempts), *_codes(), *_shared_passwords()]
    now = timezone.now()
    return sorted(found, key=lambda lock: (lock.until or now, lock.last_failure), reverse=True)


def unlock(kind: str, key: str, *, by: Any) -> Any:
    """Forget these failures. The account, the address, or None if there is no such lock."""
    unlocking = UNLOCKING.get(kind)
    if unlocking is None or (kind == Kind.CODE and not _may_reset(key, by)):
        return None
    target = unlocking(key)
    if target is not None:
        logger.warning("Account %s ended the lock of %s %s.", by.pk, kind, key)
    return target


#: The name and the address of failed log-ins, the time of the last of them, and how many they are.
Attempt = tuple[str | None, str | None, datetime, int]


def _attempts() -> list[Attempt]:
    """The failed log-ins that count now, oldest first."""
    recent = AccessAttempt.objects.filter(attempt_time__gt=timezone.now() - cool_off())
    rows = recent.order_by("-attempt_time").values_list(
        "username", "ip_address", "attempt_time", "failures_since_start"
    )
    return [*reversed(rows[:LIMIT])]


def _lock(kind: Kind, key: str, name: str, failures: list[Failures], limit: int) -> Lock:
    total = sum(count for _time, count in failures)
    return Lock(kind, key, name, total, failures[-1][0], end_of_lock(failures, limit))


def _grouped(rows: Iterable[tuple[Any, Failures]]) -> dict[Any, list[Failures]]:
    groups: dict[Any, list[Failures]] = defaultdict(list)
    for key, failure in rows:
        groups[key].append(failure)
    return groups


def _accounts(attempts: list[Attempt]) -> Iterator[Lock]:
    model = get_user_model()
    groups = _grouped((name, (time, count)) for name, _address, time, count in attempts)
    known = model._default_manager.filter(**{f"{model.USERNAME_FIELD}__in": [*groups]})
    for user in known:
        name = user.get_username()
        yield _lock(Kind.ACCOUNT, str(user.pk), name, groups[name], settings.AXES_FAILURE_LIMIT)


def _addresses(attempts: list[Attempt]) -> Iterator[Lock]:
    rows = ((address, (time, count)) for _name, address, time, count in attempts if address)
    for address, failures in _grouped(rows).items():
        limit = settings.LOGIN_FAILURES_PER_ADDRESS
        yield _lock(Kind.ADDRESS, address, address, failures, limit)


def _codes() -> Iterator[Lock]:
    for model in (TOTPDevice, StaticDevice):
        waiting = model.objects.filter(throttling_failure_count__gt=0).select_related("user")
        for device in waiting:
            until = devices.locked_until(device)
            last, count = device.throttling_failure_timestamp, device.throttling_failure_count
            if until or last > timezone.now() - cool_off():
                name = device.user.get_username()
                yield Lock(Kind.CODE, str(device.user_id), name, count, last, until)


def _shared_passwords() -> Iterator[Lock]:
    rows = shared_passwords.failures().values_list("address", "restriction", "attempted_at")
    by_address: dict[str, list[tuple[str, datetime]]] = defaultdict(list)
    for address, restriction, time in rows:
        by_address[address or ""].append((restriction, time))
    for address, failures in by_address.items():
        ends = [
            shared_passwords.end_of_locks(failures, restriction, address or None)
            for restriction in {restriction for restriction, _time in failures}
        ]
        until = max((end for end in ends if end), default=None)
        last = failures[-1][1]
        yield Lock(Kind.SHARED_PASSWORD, address, address, len(failures), last, until)


def _unlock_account(key: str) -> Any:
    model = get_user_model()
    user = model._default_manager.filter(pk=key).first() if key.isdecimal() else None
    if user is None:
        return None
    deleted, _models = AccessAttempt.objects.filter(username=user.get_username()).delete()
    return user if deleted else None


def _unlock_address(key: str) -> Any:
    deleted, _models = AccessAttempt.objects.filter(ip_address=key).delete() if key else (0, {})
    return key if deleted else None


def _may_reset(key: str, by: Any) -> bool:
    """Whether `by` may let somebody go on guessing this account's codes."""
    is_known = key.isdecimal()
    superusers = get_user_model()._default_manager.filter(is_superuser=True)
    return is_known and (by.is_superuser or not superusers.filter(pk=key).exists())


def _unlock_code(key: str) -> Any:
    person = None
    for model in (TOTPDevice, StaticDevice):
        for device in model.objects.filter(user_id=key, throttling_failure_count__gt=0):
            device.throttle_reset()
            person = device.user
    return person


def _unlock_shared_passwords(key: str) -> Any:
    deleted, _models = SharedPasswordFailure.objects.filter(address=key or None).delete()
    return key if deleted else None


UNLOCKING: dict[str, Callable[[str], Any]] = {
    Kind.ACCOUNT: _unlock_account,
    Kind.ADDRESS: _unlock_address,
    Kind.CODE: _unlock_code,
    Kind.SHARED_PASSWORD: _unlock_shared_passwords,
}
