"""What the pages add to the admin."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from wagtail import hooks
from wagtail.admin.auth import reject_request
from wagtail.admin.widgets.button import Button

from cms.core.working_translation_view import buttons


@hooks.register("register_page_header_buttons")
@hooks.register("register_page_listing_more_buttons")
def page_buttons(
    page: Any, user: Any, view_name: str | None = None, next_url: str | None = None
) -> Iterator[Button]:
    """The way to the page on which a translation is marked as official."""
    return buttons(page, user, next_url)


@hooks.register("before_serve_page", order=-1)
def show_pages_to_editors_only(
    page: Any, request: HttpRequest, serve_args: Any, serve_kwargs: Any
) -> HttpResponseBase | None:
    """Ask whoever does not work in the admin to log in.

    The plain page stands in for a front-end while there is none. Wagtail links in it to drafts and
    to what is private; the public reads the API, which does not.
    """
    if request.user.has_perm("wagtailadmin.access_admin"):
        return None
    response: HttpResponseBase = reject_request(request)
    return response
