"""The addresses of the desk in Wagtail's admin, and its entry in the menu of reports."""

from __future__ import annotations

from django.urls import URLResolver, include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from wagtail_localize_desk import held_views, review_views, submission_views
from wagtail_localize_desk.exchange import urls as exchange_urls
from wagtail_localize_desk.screen import urls


def admin_urls() -> list[URLResolver]:
    """The addresses of the screen, translation files, review, what waits, and submissions."""
    patterns = [
        *urls.urlpatterns,
        *exchange_urls.urlpatterns,
        *review_views.urlpatterns,
        *held_views.urlpatterns,
        *submission_views.urlpatterns,
    ]
    return [path("localize-desk/", include((patterns, "wagtail_localize_desk")))]


def strings_menu_item() -> MenuItem:
    """The list of strings that are still to do, beside wagtail-localize's report."""
    return MenuItem(
        _("Strings to translate"),
        reverse("wagtail_localize_desk:strings"),
        icon_name="wagtail-localize-language",
        order=9010,
    )


hooks.register("register_admin_urls", admin_urls)
hooks.register("register_reports_menu_item", strings_menu_item)
