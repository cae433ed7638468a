"""Codes as an authenticator app shows them."""

from __future__ import annotations

import time
from binascii import unhexlify
from typing import Any

from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

KEY = "3132333435363738393031323334353637383930"


def code(key: str = KEY, *, later: int = 0) -> str:
    """The code that an app shows now, or `later` times 30 seconds later."""
    totp = TOTP(unhexlify(key))
    totp.time = time.time() + later * totp.step
    return f"{totp.token():06d}"


def wrong_code(key: str = KEY) -> str:
    """Six digits that the app does not show around now."""
    shown = {code(key, later=steps) for steps in range(-3, 4)}
    return next(f"{number:06d}" for number in range(10) if f"{number:06d}" not in shown)


def give_app(user: Any) -> TOTPDevice:
    """Give the account an authenticator app."""
    return TOTPDevice.objects.create(user=user, name="app", key=KEY)
