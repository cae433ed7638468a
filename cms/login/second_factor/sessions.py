"""Which second factor a session was begun with.

A session counts as long as that is still the account's. So adding, removing or replacing the second
factor ends all other sessions of the account, and those that had only the password.
"""

from __future__ import annotations

from enum import Enum
from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest
from django.middleware.csrf import rotate_token

from cms.login.second_factor.devices import device_of
from cms.login.second_factor.requirement import is_required

#: The key in sessions: the app's primary key, or `WITHOUT` where the account had none.
KEY = "second_factor"
WITHOUT = ""


class Missing(Enum):
    """What a session lacks after the password."""

    CODE = "code"
    SET_UP = "set-up"
    #: The second factor that it was begun with is gone.
    LOG_IN = "log-in"


def missing(request: HttpRequest, user: Any) -> Missing | None:
    """What the session of `user` lacks, or None. One query, and the rights if there is no app."""
    device = device_of(user)
    begun_with = request.session.get(KEY)
    if device is not None:
        return None if begun_with == str(device.pk) else Missing.CODE
    if begun_with != WITHOUT:
        return Missing.LOG_IN
    return Missing.SET_UP if is_required(user) else None


def complete(request: HttpRequest, device: Any) -> None:
    """Log the session in wholly, under a new key, which nobody can have seen before."""
    request.session[KEY] = str(device.pk)
    request.session.cycle_key()
    rotate_token(request)


def go_on_without(request: HttpRequest) -> None:
    """Keep this session after its account's second factor was removed."""
    request.session[KEY] = WITHOUT
    request.session.cycle_key()


def connect() -> None:
    """Note at each log-in whether the account has a second factor."""
    user_logged_in.connect(_begin, dispatch_uid="cms.login.second_factor")


def _begin(sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    request.session.pop(KEY, None)
    if device_of(user) is None:
        request.session[KEY] = WITHOUT
