"""Log-ins that fail, and those that do not."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.test import Client

ADDRESS = "198.51.100.7"
PASSWORD = "betul-betul-rahsia"


def log_in(
    name: str, password: str, address: str = ADDRESS, *, path: str = "/admin/login/", **headers: Any
) -> HttpResponse:
    """The answer to a submitted log-in form, sent by a browser without cookies."""
    form = {"username": name, "password": password, "next": "/admin/"}
    return Client(headers=headers).post(path, form, REMOTE_ADDR=address)


def fail(name: str, times: int, address: str = ADDRESS, **more: Any) -> HttpResponse:
    """The answer to the last of so many wrong passwords."""
    for _ in range(times):
        response = log_in(name, "salah", address, **more)
    return response
