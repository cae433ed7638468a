"""The audit log's action for content that was loaded from files."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry

from cms.content_files.ledger import LOADED


@hooks.register("register_log_actions")
def register_loaded(actions: LogActionRegistry) -> None:
    """Register the action, so that the history describes it in words."""
    actions.register_action(LOADED, _("Load content"), _("Loaded from the content files"))
