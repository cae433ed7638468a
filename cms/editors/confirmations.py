"""Pages that ask for confirmation name only what their user may see.

Anybody can write any ids into the address of such a page.
"""

from __future__ import annotations

import functools
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from wagtail.admin.views.bulk_action import BulkAction
from wagtail.admin.views.pages.move import MoveConfirmView
from wagtail.models import Page

from cms.editors import sight

_get_actionable_objects = BulkAction.get_actionable_objects
_confirm_move = MoveConfirmView.dispatch


@functools.wraps(_get_actionable_objects)
def get_actionable_objects(action: BulkAction) -> tuple[list[Any], dict[str, list[Any]]]:
    """The objects of a bulk action, and those that are named as out of the user's reach.

    Raises `Http404` if the user may see none of them.
    """
    objects, context = _get_actionable_objects(action)
    refused = context["items_with_no_access"]
    shown = [instance for instance in refused if sight.is_shown(action.request.user, instance)]
    if refused and not objects and not shown:
        raise Http404
    return objects, {**context, "items_with_no_access": shown}


@functools.wraps(_confirm_move)
def confirm_move(
    view: MoveConfirmView,
    request: HttpRequest,
    page_to_move_id: int,
    destination_id: int,
    *args: Any,
    **kwargs: Any,
) -> HttpResponseBase:
    """Ask whether to move a page; raises PermissionDenied if the user may not.

    Wagtail checks that when the page is moved, after it has shown both titles.
    """
    page, destination = (get_object_or_404(Page, pk=pk) for pk in (page_to_move_id, destination_id))
    if not page.permissions_for_user(request.user).can_move_to(destination):
        raise PermissionDenied
    return _confirm_move(view, request, page_to_move_id, destination_id, *args, **kwargs)
