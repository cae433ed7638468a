from __future__ import annotations

from django.apps import AppConfig


class AdminLanguageConfig(AppConfig):
    """Chooses the language of the admin, its error pages and its e-mails. It has no models."""

    name = "cms.admin_language"
    label = "cms_admin_language"

    def ready(self) -> None:
        # Django has imported every app's models by now, so all patched classes exist.
        from cms.admin_language import date_entry, patches, signal_handlers
        from cms.core import patching

        signal_handlers.register_signal_handlers()
        date_entry.register_block_adapters()
        patching.apply(patches.PATCHES)
        patching.register_check(self.name, patches.PATCHES, "cms_admin_language.E001")
