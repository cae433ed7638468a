from __future__ import annotations

from django.apps import AppConfig


class TranslationConfig(AppConfig):
    name = "cms.translation"
    label = "cms_translation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from cms.translation import aliases, checks, continuity, conversion, copies, patches

        patches.apply()
        aliases.connect()
        conversion.connect()
        copies.connect()
        continuity.connect()
        checks.register()
