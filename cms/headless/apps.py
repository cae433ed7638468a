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
        from cms.headless.publishing.admin_errors import report_in_forms
        from cms.headless.publishing.alias_patches import hold_back_aliases
        from cms.headless.publishing.signal_handlers import register_signal_handlers
        from cms.headless.publishing.wagtail_patches import make_all_atomic

        register_signal_handlers()
        hold_back_aliases()
        make_all_atomic()
        report_in_forms()
