"""What the snippets add to the admin."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, path
from wagtail import hooks
from wagtail.admin.widgets.button import Button
from wagtail.snippets.models import register_snippet

from cms.snippets.act_reference import hooks as act_reference_hooks  # noqa: F401
from cms.snippets.viewsets import ContentViewSetGroup
from cms.snippets.working_translation_view import URL_NAME, WorkingTranslationView, buttons

register_snippet(ContentViewSetGroup)


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    """The page on which a translation is marked as official."""
    return [
        path(
            "working-translation/<slug:app_label>/<slug:model_name>/<str:pk>/",
            WorkingTranslationView.as_view(),
            name=URL_NAME,
        )
    ]


@hooks.register("register_snippet_listing_buttons")
def snippet_buttons(snippet: Any, user: Any, next_url: str | None = None) -> Iterator[Button]:
    """The way there from a list of snippets."""
    return buttons(snippet, user, next_url)
