from __future__ import annotations

from django.apps import AppConfig


class LocalizeDeskConfig(AppConfig):
    name = "wagtail_localize_desk"
    label = "wagtail_localize_desk"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wagtail_localize_desk import (
            alias_conversion,
            aliases,
            checks,
            draft_copies,
            patches,
            revision_carry_over,
        )

        patches.apply()
        aliases.register_signal_handlers()
        alias_conversion.register_hooks()
        draft_copies.register_signal_handlers()
        revision_carry_over.register_signal_handlers()
        checks.register()
