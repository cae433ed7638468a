from __future__ import annotations

from django.apps import AppConfig


class EditorsConfig(AppConfig):
    name = "cms.editors"
    label = "editors"

    def ready(self) -> None:
        from cms.core import patching
        from cms.editors import groups, patches, private_collections

        groups.register_signal_handlers()
        private_collections.register_policies()
        patching.apply(patches.PATCHES)
        patching.register_check(self.name, patches.PATCHES, "editors.E001")
