"""The handbooks in the admin's help menu."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from cms.handbook import views
from cms.handbook.reading import OFFICERS, TRANSLATORS

#: The beginnings of the names of Wagtail's own entries, which lead to its sites in English.
WAGTAILS_OWN = ("whats-new-in-wagtail", "editor-guide")


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    """Addresses for those who are logged in; Wagtail requires access to the admin."""
    return [
        # Pictures are at the addresses that the files have in the repository.
        *_addresses("handbook", OFFICERS),
        *_addresses("translators-handbook", TRANSLATORS),
    ]


def _addresses(place: str, book: str) -> list[URLPattern]:
    name, known = place.replace("-", "_"), {"book": book}
    return [
        path(f"{place}/", views.handbook, known, name=name),
        path(f"{place}/{book}/<slug:name>.png", views.picture, known, name=f"{name}_picture"),
    ]


@hooks.register("register_help_menu_item")
def officers_menu_item() -> MenuItem:
    """The first entry of the help menu."""
    return MenuItem(
        _("Officers' handbook"),
        reverse_lazy("handbook"),
        name="handbook",
        icon_name="doc-full",
        order=100,
    )


@hooks.register("register_help_menu_item")
def translators_menu_item() -> MenuItem:
    """The entry beside it."""
    return MenuItem(
        _("Translators' handbook"),
        reverse_lazy("translators_handbook"),
        name="translators-handbook",
        icon_name="doc-full",
        order=110,
    )


@hooks.register("construct_help_menu")
def without_wagtails_own(request: HttpRequest, items: list[Any]) -> None:
    """Leave out what does not help in this product."""
    items[:] = [item for item in items if not item.name.startswith(WAGTAILS_OWN)]
