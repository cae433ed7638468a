"""Hooks by which the snippets take part in the admin."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wagtail import hooks
from wagtail.admin.widgets.button import Button
from wagtail.snippets.models import register_snippet

from cms.core.working_translation_view import buttons
from cms.snippets.act_reference import hooks as act_reference_hooks  # noqa: F401
from cms.snippets.viewsets import ContentViewSetGroup

register_snippet(ContentViewSetGroup)


@hooks.register("register_snippet_listing_buttons")
def snippet_buttons(snippet: Any, user: Any, next_url: str | None = None) -> Iterator[Button]:
    """A link from the snippets' lists to the page that marks a translation as official."""
    return buttons(snippet, user, next_url)
