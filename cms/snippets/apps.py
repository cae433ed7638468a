from __future__ import annotations

from django.apps import AppConfig


class SnippetsConfig(AppConfig):
    name = "cms.snippets"
    label = "snippets"

    def ready(self) -> None:
        from cms.snippets import permissions
        from cms.snippets.act_reference import usage

        permissions.register_policies()
        usage.register_signal_handlers()
