"""The search where an officer looks for it: in the menu, and beside the other searches."""

from __future__ import annotations

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.search import SearchArea

from cms.text_search.views import URL_NAME, TextSearchView


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    """Its address."""
    return [path("text-search/", TextSearchView.as_view(), name=URL_NAME)]


@hooks.register("register_admin_menu_item")
def menu_item() -> MenuItem:
    """Below the pages and entries of which it finds the texts."""
    return MenuItem(
        gettext_lazy("Search in text"),
        reverse(URL_NAME),
        name="text-search",
        icon_name="search",
        order=210,
    )


@hooks.register("register_admin_search_area")
def search_area() -> SearchArea:
    """Beside the search for pages by their titles, with what was searched for there."""
    return SearchArea(
        gettext_lazy("Text of pages and entries"),
        reverse(URL_NAME),
        name="text",
        icon_name="search",
        order=110,
    )
