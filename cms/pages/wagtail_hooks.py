"""What the pages add to the admin."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wagtail import hooks
from wagtail.admin.widgets.button import Button

from cms.pages import dashboard  # noqa: F401
from cms.pages.content_files import log_actions  # noqa: F401
from cms.snippets.working_translation_view import buttons


@hooks.register("register_page_header_buttons")
@hooks.register("register_page_listing_more_buttons")
def page_buttons(
    page: Any, user: Any, view_name: str | None = None, next_url: str | None = None
) -> Iterator[Button]:
    """The way to the page on which a translation is marked as official."""
    return buttons(page, user, next_url)
