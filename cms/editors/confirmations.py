"""Pages that ask for confirmation name only what their user may see.

Anybody can write any ids into the address of such a page.
"""

from __future__ import annotations

import functools
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from wagtail.admin.views.bulk_action import BulkAction
from wagtail.admin.views.pages.move import MoveConfirmView
from wagtail.models import Page
from wagtail.permissions import policy_registry

#: A user with one of these rights on something sees it in Wagtail's lists or choosers.
SHOWING = ("add", "change", "delete", "publish", "lock", "unlock", "view", "choose")

_get_actionable_objects = BulkAction.get_actionable_objects
_confirm_move = MoveConfirmView.dispatch


def is_shown(user: Any, instance: Model) -> bool:
    """Whether lists or choosers show `instance` to `user`."""
    policy = policy_registry.get_by_type(type(instance))
    return bool(policy.user_has_any_permission_for_instance(user, SHOWING, instance))


@functools.wraps(_get_actionable_objects)
def get_actionable_objects(action: BulkAction) -> tuple[list[Any], dict[str, list[Any]]]:
    """The objects of a bulk action, and those that are named as out of the user's reach."""
    objects, context = _get_actionable_objects(action)
    refused = context["items_with_no_access"]
    shown = [instance for instance in refused if is_shown(action.request.user, instance)]
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
