"""Remembers whose request is answered, and answers nothing about what they may not see."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from cms.editors import asking, named_things, sight

#: A key that nothing has: the greatest that the databases take.
NOTHING = 2**31 - 1


class SightMiddleware:
    """Addresses of the admin that name something unseen are answered as if it did not exist.

    The views of Wagtail and of its packages refuse it with a redirect or 403, and so tell that it
    is there; one that forgot to refuse it is stopped here.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with asking.answering(request):
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        """Put the key of nothing in the place of unseen ones.

        So the view gives the very answer that it has for what does not exist. Those who may not use
        the admin are asked to log in, as everywhere.
        """
        if not named_things.are_named_by(request) or not sight.is_editor(request.user):
            return
        for argument, thing in named_things.named_by(request):
            if not sight.is_shown(request.user, thing):
                kwargs[argument] = type(kwargs[argument])(NOTHING)
