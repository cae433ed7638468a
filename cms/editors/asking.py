"""Whose request is answered, for code that is not given the request."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.http import HttpRequest

_answered: ContextVar[HttpRequest | None] = ContextVar("cms.editors.answered", default=None)


@contextmanager
def answering(request: HttpRequest) -> Iterator[None]:
    """Remember the request while it is answered."""
    token = _answered.set(request)
    try:
        yield
    finally:
        _answered.reset(token)


def asking_user() -> Any:
    """The user whose request is answered; None if nobody asks, as in commands."""
    user = getattr(_answered.get(), "user", None)
    return user if user is not None and user.is_authenticated else None
