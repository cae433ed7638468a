"""Who may turn a translated page back into an alias.

That takes the page out of the public's sight and deletes its translation. wagtail-localize lets
everybody do it who may edit the page; here it needs the right to publish it.
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
    """wagtail-localize's view, for those who may publish the page; others get a 403."""
    page = get_object_or_404(Page, pk=page_id)
    if not page.permissions_for_user(request.user).can_publish():
        raise PermissionDenied
    response: HttpResponseBase = _upstream(request, page_id)
    return response


def hide_from_menu(items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    """Take the action out of the edit view's menu for those who may not use it."""
    page = context.get("page")
    if page is not None and not page.permissions_for_user(request.user).can_publish():
        items[:] = [item for item in items if getattr(item, "name", None) != ACTION]


def connect() -> None:
    """Watch the menus."""
    hooks.register("construct_page_action_menu", hide_from_menu)
