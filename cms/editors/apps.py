from __future__ import annotations

from django.apps import AppConfig


class EditorsConfig(AppConfig):
    name = "cms.editors"
    label = "editors"

    def ready(self) -> None:
        from cms.editors import groups

        groups.register_signal_handlers()
