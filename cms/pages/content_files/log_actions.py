"""The audit log's action for content that was loaded from files."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry

LOADED = "perkeso.load_content"


@hooks.register("register_log_actions")
def register_loaded(actions: LogActionRegistry) -> None:
    """Make the action known, so that an entry's history shows it in words."""
    actions.register_action(LOADED, _("Load content"), _("Loaded from the content files"))
