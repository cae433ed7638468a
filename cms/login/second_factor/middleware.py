"""The gate: who has given only the password is anonymous."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from asgiref.sync import sync_to_async
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from cms.login.gate import is_login_view
from cms.login.second_factor.sessions import Missing, missing

#: The page that asks for what is missing.
PAGES = {Missing.CODE: "second_factor_code", Missing.SET_UP: "second_factor_set_up"}


class SecondFactorMiddleware:
    """Makes `request.user` anonymous until the second factor was given.

    No address is an exception, so a new one is safe. The pages of the second factor ask
    `half_logged_in` for the person. Must come directly after `AuthenticationMiddleware`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        password_given = request.user
        request.user = SimpleLazyObject(  # type: ignore[assignment]
            lambda: _whole_user(request, password_given)
        )

        async def auser() -> Any:
            await sync_to_async(lambda: request.user.is_authenticated)()
            return request.user

        request.auser = auser
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Show what is missing in place of the log-in page, to which other addresses redirect."""
        if request.method not in {"GET", "HEAD"} or not is_login_view(view):
            return None
        _person, step = half_logged_in(request)
        if step not in PAGES:
            return None
        if next_address := request.GET.get(REDIRECT_FIELD_NAME):
            return redirect_to_login(next_address, reverse(PAGES[step]))
        return HttpResponseRedirect(reverse(PAGES[step]))


def half_logged_in(request: HttpRequest) -> tuple[Any, Missing | None]:
    """The person who has given the password alone, and what is missing; or twice None."""
    if request.user.is_authenticated:
        return None, None
    found: tuple[Any, Missing | None] = getattr(request, "half_logged_in", (None, None))
    return found


def _whole_user(request: HttpRequest, user: Any) -> Any:
    if not user.is_authenticated:
        return user
    step = missing(request, user)
    if step is None:
        # Without the lazy object around it, as elsewhere in Django.
        return user
    request.half_logged_in = (user, step)  # type: ignore[attr-defined]
    return AnonymousUser()
