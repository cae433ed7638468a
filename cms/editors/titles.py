"""The title of a page in the admin: of its latest draft, or the published one.

Wagtail shows the title of the latest draft wherever it names a page, to everybody.
"""

from __future__ import annotations

import functools

from wagtail.models import AbstractPage

from cms.editors import sight
from cms.editors.asking import asking_user

_display_title = AbstractPage.get_admin_display_title


@functools.wraps(_display_title)
def display_title(page: AbstractPage) -> str:
    """The published title if the draft's is not for the user whose request is answered."""
    title: str = _display_title(page)
    user = asking_user()
    if user is None or title == page.title or sight.sees_drafts(user, page):
        return title
    return page.title
