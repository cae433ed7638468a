"""Hooks by which the pages take part in the admin."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from wagtail import hooks
from wagtail.admin.auth import reject_request
from wagtail.admin.widgets.button import Button

from cms.core.working_translation_view import buttons
from cms.pages import paste_from_word  # noqa: F401 - registers its hooks


@hooks.register("register_page_header_buttons")
@hooks.register("register_page_listing_more_buttons")
def page_buttons(
    page: Any, user: Any, view_name: str | None = None, next_url: str | None = None
) -> Iterator[Button]:
    """A link to the page that marks a translation as official."""
    return buttons(page, user, next_url)


@hooks.register("before_serve_page", order=-1)
def show_pages_to_editors_only(
    page: Any, request: HttpRequest, serve_args: Any, serve_kwargs: Any
) -> HttpResponseBase | None:
    """Require a login with access to the admin.

    The HTML page stands in for a missing front-end. Wagtail renders links to drafts and private
    pages in it; the public reads the API, which has neither.
    """
    if request.user.has_perm("wagtailadmin.access_admin"):
        return None
    response: HttpResponseBase = reject_request(request)
    return response
