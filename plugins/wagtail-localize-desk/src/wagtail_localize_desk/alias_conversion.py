"""Permission to turn a translated page back into an alias.

The conversion takes the page offline and discards its translation. wagtail-localize allows it to
everyone with the right to edit the page; this plugin requires the right to publish it.
"""

from __future__ import annotations

import functools
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from wagtail import hooks
from wagtail.models import Page
from wagtail_localize.views import convert

ACTION = "localize-convert-to-alias"
_upstream = convert.convert_to_alias


@functools.wraps(_upstream)
def convert_to_alias(request: HttpRequest, page_id: int) -> HttpResponseBase:
    """wagtail-localize's view; raises PermissionDenied for users without the right to publish."""
    page = get_object_or_404(Page, pk=page_id)
    if not page.permissions_for_user(request.user).can_publish():
        raise PermissionDenied
    response: HttpResponseBase = _upstream(request, page_id)
    return response


def hide_from_menu(items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    """Remove the action from the edit view's menu for users without the right to publish."""
    page = context.get("page")
    if page is not None and not page.permissions_for_user(request.user).can_publish():
        items[:] = [item for item in items if getattr(item, "name", None) != ACTION]


def register_hooks() -> None:
    """Register the hook on the menu."""
    hooks.register("construct_page_action_menu", hide_from_menu)
