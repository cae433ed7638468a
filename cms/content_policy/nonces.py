"""The nonce that marks the inline scripts of the admin's own templates and widgets.

It is the same for all responses to one account, until its password changes: the admin fetches parts
of forms later and puts them into a page, which accepts the page's nonce only. Nobody else can know
it, so text that somebody stored or sent cannot run as a script.
"""

from __future__ import annotations

import secrets
from contextvars import ContextVar
from typing import Any

from django.http import HttpRequest
from django.utils.crypto import salted_hmac

_request: ContextVar[HttpRequest | None] = ContextVar("request", default=None)
SALT = "cms.content_policy"
LENGTH = 32


def begin(request: HttpRequest) -> None:
    """Use the account of `request` from now on in this thread."""
    _request.set(request)


def current_nonce() -> str:
    """The nonce of the current response; a random one without an account."""
    request: Any = _request.get()
    if request is None:
        return secrets.token_hex(LENGTH // 2)
    if not hasattr(request, "content_policy_nonce"):
        request.content_policy_nonce = _nonce_for(getattr(request, "user", None))
    nonce: str = request.content_policy_nonce
    return nonce


def _nonce_for(user: Any) -> str:
    if user is None or not user.is_authenticated:
        return secrets.token_hex(LENGTH // 2)
    mark = f"{user.pk} {user.get_session_auth_hash()}"
    return salted_hmac(SALT, mark, algorithm="sha256").hexdigest()[:LENGTH]
