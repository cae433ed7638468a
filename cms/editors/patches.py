"""Every attribute of Wagtail that this app replaces, in one table: who may change what of others.

Wagtail has no setting or hook for these rules, and several views and actions share each of them.
"""

from __future__ import annotations

from wagtail.admin.views.bulk_action import BulkAction
from wagtail.admin.views.chooser import BrowseView, ChosenMultipleView
from wagtail.admin.views.generic import CopyViewMixin
from wagtail.admin.views.generic.chooser import ChosenResponseMixin
from wagtail.admin.views.pages.move import MoveConfirmView
from wagtail.models import PagePermissionTester

from cms.core.patching import Patch
from cms.editors import choosing, confirmations, deletion

WAGTAIL = "wagtail 8.0.1"

PATCHES = (
    Patch(
        CopyViewMixin,
        # The view has none of its own: its form is sent to the address for additions.
        "http_method_names",
        ("get", "head", "options"),
        "a copy's form, sent to the address of the copy, overwrites the original",
        f"{WAGTAIL}: wagtail/admin/views/generic/models.py",
    ),
    Patch(
        PagePermissionTester,
        "can_delete",
        deletion.can_delete,
        "officers and translators delete and move the drafts of others",
        f"{WAGTAIL}: wagtail/models/pages.py",
    ),
    Patch(
        BulkAction,
        "get_actionable_objects",
        confirmations.get_actionable_objects,
        "bulk actions show the titles of drafts and files by ids in their address",
        f"{WAGTAIL}: wagtail/admin/views/bulk_action/base_bulk_action.py",
    ),
    Patch(
        MoveConfirmView,
        "dispatch",
        confirmations.confirm_move,
        "the confirmation of a move shows the titles of any two pages",
        f"{WAGTAIL}: wagtail/admin/views/pages/move.py",
    ),
    Patch(
        BrowseView,
        "get",
        choosing.browse,
        "the chooser of pages shows the title of any page by its id",
        f"{WAGTAIL}: wagtail/admin/views/chooser.py",
    ),
    Patch(
        ChosenMultipleView,
        "get",
        choosing.chosen_pages,
        "a call of the chooser of pages names any pages by their ids",
        f"{WAGTAIL}: wagtail/admin/views/chooser.py",
    ),
    Patch(
        ChosenResponseMixin,
        "get_chosen_response",
        choosing.chosen,
        "a call of a chooser names any entry or file by its id",
        f"{WAGTAIL}: wagtail/admin/views/generic/chooser.py",
    ),
    Patch(
        ChosenResponseMixin,
        "get_multiple_chosen_response",
        choosing.several_chosen,
        "a call of a chooser names any entries or files by their ids",
        f"{WAGTAIL}: wagtail/admin/views/generic/chooser.py",
    ),
)
