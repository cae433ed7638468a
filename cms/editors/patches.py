"""Every attribute of Wagtail that this app replaces, in one table: who may change what of others.

Wagtail has no setting or hook for these rules, and several views and actions share each of them.
"""

from __future__ import annotations

from wagtail.admin.views.generic import CopyViewMixin
from wagtail.models import PagePermissionTester

from cms.core.patching import Patch
from cms.editors import deletion

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
)
