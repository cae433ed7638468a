"""The authenticator app and the recovery codes of an account, kept by django-otp.

An account has at most one app. Its recovery codes are stored as digests.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
import time
from base64 import b32encode, urlsafe_b64encode
from binascii import unhexlify
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp.util import random_hex

logger = logging.getLogger("cms.login")

DIGITS = 6
#: Bytes of an app's key, as RFC 4226 recommends.
KEY_BYTES = 20
RECOVERY_CODES = 10
#: Bytes of a recovery code: so many that its digest cannot be reversed by trying.
RECOVERY_CODE_BYTES = 10
#: The longest digest that django-otp's table takes: 96 bits.
DIGEST_LENGTH = 16


@dataclass(frozen=True)
class Outcome:
    """What became of a code: accepted, wrong, or not looked at until `locked_until`."""

    device: TOTPDevice | None = None
    locked_until: datetime | None = None
    is_recovery_code: bool = False


def device_of(user: Any) -> TOTPDevice | None:
    """The app of this account, or None. One query."""
    devices = TOTPDevice.objects.filter(user_id=user.pk, confirmed=True)
    return devices.order_by("pk").first()


def new_key() -> str:
    """A key for an app, in hexadecimal."""
    key: str = random_hex(KEY_BYTES)
    return key


def app_url(user: Any, key: str) -> str:
    """What the QR code says to an app."""
    url: str = TOTPDevice(user=user, key=key).config_url
    return url


def typed_key(key: str) -> str:
    """The key as people type it into an app: letters and digits in groups of four."""
    return _in_groups(b32encode(unhexlify(key)).decode().rstrip("="))


def set_up(user: Any, key: str, code: str) -> TOTPDevice | None:
    """Give `user` the app with this key, or None if it did not make `code` or there is one."""
    code = plain(code)
    totp = TOTP(unhexlify(key), digits=DIGITS)
    totp.time = time.time()
    if not is_app_code(code) or not totp.verify(int(code), tolerance=1):
        return None
    with transaction.atomic():
        # Two forms that are sent at once must not make two apps.
        get_user_model().objects.select_for_update().get(pk=user.pk)
        if device_of(user) is not None:
            return None
        device: TOTPDevice = TOTPDevice.objects.create(
            user=user,
            name="app",
            key=key,
            drift=totp.drift,
            # This code cannot be used again.
            last_t=totp.t(),
        )
    return device


def remove(user: Any) -> bool:
    """Remove the app and the recovery codes of `user`; whether there was an app."""
    with transaction.atomic():
        count, _per_model = TOTPDevice.objects.filter(user=user).delete()
        StaticDevice.objects.filter(user=user).delete()
    return bool(count)


def check_code(user: Any, code: str) -> Outcome:
    """Use up a code of the app or a recovery code; wrong ones lengthen the wait for the next."""
    code = plain(code)
    with transaction.atomic():
        # Locked, as two requests with one code must not both find it unused.
        app = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=True).first()
        if app is None:
            return Outcome()
        is_recovery_code = not is_app_code(code)
        device, token = app, code
        if is_recovery_code:
            device = StaticDevice.objects.select_for_update().filter(user=user).first()
            token = digest(user, code)
        if device is None:
            return Outcome()
        is_allowed, reason = device.verify_is_allowed()
        if not is_allowed:
            logger.warning("A code for account %s came too early after a wrong one.", user.pk)
            return Outcome(locked_until=reason["locked_until"])
        if device.verify_token(token):
            return Outcome(device=app, is_recovery_code=is_recovery_code)
        logger.warning(
            "A wrong code for account %s, %d in a row.", user.pk, device.throttling_failure_count
        )
    return Outcome()


def locked_until(device: Any) -> datetime | None:
    """Until when no code is looked at, or None."""
    is_allowed, reason = device.verify_is_allowed()
    return None if is_allowed else reason["locked_until"]


def renew_recovery_codes(user: Any) -> list[str]:
    """New recovery codes in place of all others of `user`."""
    codes = [
        b32encode(secrets.token_bytes(RECOVERY_CODE_BYTES)).decode().lower()
        for _ in range(RECOVERY_CODES)
    ]
    with transaction.atomic():
        StaticDevice.objects.filter(user=user).delete()
        device = StaticDevice.objects.create(user=user, name="recovery codes")
        StaticToken.objects.bulk_create(
            StaticToken(device=device, token=digest(user, code)) for code in codes
        )
    return [_in_groups(code) for code in codes]


def recovery_codes_left(user: Any) -> int:
    """How many recovery codes are unused."""
    count: int = StaticToken.objects.filter(device__user=user).count()
    return count


def plain(code: str) -> str:
    """A code as it was typed, without the spaces and hyphens that group it."""
    return "".join(code.split()).replace("-", "").lower()


def is_app_code(code: str) -> bool:
    """Whether a plain code has the form of an app's."""
    return len(code) == DIGITS and code.isascii() and code.isdigit()


def digest(user: Any, code: str) -> str:
    """What is stored in place of a recovery code."""
    made = hashlib.sha256(f"{user.pk} {code}".encode()).digest()
    return urlsafe_b64encode(made).decode()[:DIGEST_LENGTH]


def _in_groups(text: str) -> str:
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))
