"""The admin page for marking a translation as official."""

from __future__ import annotations

from django.urls import URLPattern, path
from wagtail import hooks

from cms.core.working_translation_view import URL_NAME, WorkingTranslationView


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    """Add its URL."""
    return [
        path(
            "working-translation/<slug:app_label>/<slug:model_name>/<str:pk>/",
            WorkingTranslationView.as_view(),
            name=URL_NAME,
        )
    ]
