"""The plugin's start: types from the installed models, receivers, atomic publishing."""

from __future__ import annotations

from django.apps import AppConfig


class WagtailDeliveryConfig(AppConfig):
    name = "wagtail_delivery"
    label = "wagtail_delivery"
    verbose_name = "Delivery"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wagtail_delivery import checks  # noqa: F401
        from wagtail_delivery.publishing.admin_errors import report_in_forms
        from wagtail_delivery.publishing.alias_patches import hold_back_aliases
        from wagtail_delivery.publishing.signal_handlers import register_signal_handlers
        from wagtail_delivery.publishing.wagtail_patches import make_all_atomic

        register_signal_handlers()
        hold_back_aliases()
        make_all_atomic()
        report_in_forms()
