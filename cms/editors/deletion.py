"""Who may delete pages: publishers, and the owners of drafts."""

from __future__ import annotations

import functools

from wagtail.models import PagePermissionTester

_can_delete = PagePermissionTester.can_delete


@functools.wraps(_can_delete)
def can_delete(permissions: PagePermissionTester, ignore_bulk: bool = False) -> bool:
    """Whether the user may delete the page, and so move it, which Wagtail treats alike.

    Wagtail lets everybody who may edit a page delete it, unless it is live or has a live page below
    it. Without the right to publish, all of these pages must be the user's own.
    """
    if not _can_delete(permissions, ignore_bulk):
        return False
    if permissions.user.is_superuser or "publish" in permissions.permissions:
        return True
    pages = permissions.page.get_descendants(inclusive=True)
    return not pages.exclude(owner=permissions.user).exists()
