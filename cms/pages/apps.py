from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PagesConfig(AppConfig):
    name = "cms.pages"
    label = "pages"

    def ready(self) -> None:
        from cms.core import patching
        from cms.pages import block_encoders, patches
        from cms.pages.locales import create_missing_locales

        post_migrate.connect(create_missing_locales, sender=self)
        block_encoders.register()
        patching.apply(patches.PATCHES)
        patching.register_check(self.name, patches.PATCHES, "pages.E001")
