"""Terms in the admin: a snippet that officers keep and translators read."""

from __future__ import annotations

from typing import ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, Panel
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from wagtail_localize_desk.term_models import Term


class TermViewSet(SnippetViewSet):  # type: ignore[misc]
    """Terms by language, found by any of their words."""

    model = Term
    icon = "list-ul"
    menu_label = _("Terminology")
    add_to_admin_menu = True
    menu_order = 310
    list_display: ClassVar[list[str]] = [
        "term",
        "translations",
        "source_language",
        "target_language",
    ]
    list_filter: ClassVar[list[str]] = ["source_language", "target_language"]
    search_fields: ClassVar[list[str]] = ["term", "translations", "forbidden", "note"]
    panels: ClassVar[list[Panel]] = [
        FieldRowPanel([FieldPanel("source_language"), FieldPanel("target_language")]),
        FieldPanel("term"),
        FieldPanel("translations"),
        FieldPanel("forbidden"),
        FieldPanel("is_case_sensitive"),
        FieldPanel("note"),
    ]


def register() -> None:
    """Register the snippet with Wagtail; call it once."""
    register_snippet(TermViewSet)
