"""What waits for the user, on the first page of the admin."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.ui.components import Component

from wagtail_localize_desk.submission_views import recent_submissions
from wagtail_localize_desk.waiting import held_publications, tasks_of

#: The most lines of a list; the report of translations has them all.
LIMIT = 10


class TranslationsPanel(Component):  # type: ignore[misc]
    """Lists of translations to work on, to review and to publish; nothing if all are empty."""

    name = "translation_desk"
    order = 225
    template_name = "wagtail_localize_desk/dashboard.html"

    def get_context_data(self, parent_context: Mapping[str, Any] | None) -> dict[str, Any]:
        if not parent_context:
            return {}
        user = parent_context["request"].user
        tasks = tasks_of(user, LIMIT + 1)
        return {
            "held": held_publications(user, LIMIT),
            "submissions": recent_submissions(user),
            "lists": [
                {"name": name, "items": found[:LIMIT], "has_more": len(found) > LIMIT}
                for name, found in (
                    ("translate", tasks.to_translate),
                    ("review", tasks.to_review),
                    ("publish", tasks.to_publish),
                )
                if found
            ],
        }


def add_panel(request: HttpRequest, panels: list[Component]) -> None:
    """The hook that adds the panel."""
    panels.append(TranslationsPanel())


def register_hooks() -> None:
    """Register the hook."""
    hooks.register("construct_homepage_panels", add_panel)
