"""The plugin's start: types from the installed models, receivers, atomic publishing."""

from __future__ import annotations

from django.apps import AppConfig


class HeadlessConfig(AppConfig):
    name = "cms.headless"
    label = "headless"
    verbose_name = "Headless delivery"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from cms.headless import checks  # noqa: F401
        from cms.headless.aliases import hold_back_aliases
        from cms.headless.atomic_actions import make_all_atomic
        from cms.headless.receivers import connect
        from cms.headless.refusals import make_forms_refuse

        connect()
        hold_back_aliases()
        make_all_atomic()
        make_forms_refuse()
