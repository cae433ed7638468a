"""The tabs of the edit form, the same for every snippet."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    ObjectList,
    Panel,
    PublishingPanel,
    TabbedInterface,
)


class NotePanel(Panel):
    """Shows the note to editors, if any, above the form."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "snippets/admin/editor_note.html"

        def is_shown(self) -> bool:
            return bool(self.instance.editor_note) and super().is_shown()


def tabbed(content: Sequence[Panel], *, sourced: bool = False) -> TabbedInterface:
    """Tabs for content, for the source of facts if `sourced`, and for settings."""
    tabs = [ObjectList([NotePanel(), *content], heading=_("Content"))]
    if sourced:
        source = [FieldPanel("source"), FieldPanel("source_checked_on")]
        tabs.append(ObjectList(source, heading=_("Source")))
    settings = [
        FieldPanel("slug"),
        FieldPanel("working_translation"),
        FieldPanel("editor_note"),
        PublishingPanel(),
    ]
    tabs.append(ObjectList(settings, heading=_("Settings")))
    return TabbedInterface(tabs)


def title_panel(field_name: str) -> FieldPanel:
    """The field that names an entry: shown large, and required even in drafts."""
    return FieldPanel(field_name, classname="title", required_on_save=True)


def row(*field_names: str) -> FieldRowPanel:
    """A row of short fields."""
    return FieldRowPanel([FieldPanel(name) for name in field_names])
