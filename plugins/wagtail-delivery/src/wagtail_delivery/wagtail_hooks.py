"""The addresses of this plugin in Wagtail's admin, its report, and its script."""

from __future__ import annotations

from django.templatetags.static import static
from django.urls import URLResolver, include, path
from django.utils.html import format_html
from wagtail import hooks

from wagtail_delivery.admin.publication import publication
from wagtail_delivery.admin.report import FailedDocumentsMenuItem, failed, try_again


def admin_urls() -> list[URLResolver]:
    """The addresses below the admin's own."""
    patterns = [
        path(
            "publication/<str:app_label>/<str:model_name>/<str:pk>/",
            publication,
            name="publication",
        ),
        path("reports/failed/", failed, name="failed"),
        path("reports/failed/try-again/", try_again, name="try_again"),
    ]
    return [path("delivery/", include((patterns, "wagtail_delivery_admin")))]


def publication_script() -> str:
    """The script of the status panel, which forms and the list of pages have."""
    address = static("wagtail_delivery/admin/publication.js")
    return format_html('<script src="{}"></script>', address)


hooks.register("register_admin_urls", admin_urls)
hooks.register("register_reports_menu_item", FailedDocumentsMenuItem)
hooks.register("insert_global_admin_js", publication_script)
