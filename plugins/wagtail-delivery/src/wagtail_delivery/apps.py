"""The plugin's start: checks, signal handlers and patches."""

from __future__ import annotations

from django.apps import AppConfig


class WagtailDeliveryConfig(AppConfig):
    name = "wagtail_delivery"
    label = "wagtail_delivery"
    verbose_name = "Delivery"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wagtail_delivery import checks  # noqa: F401
        from wagtail_delivery.publishing import patches
        from wagtail_delivery.publishing.signal_handlers import register_signal_handlers

        register_signal_handlers()
        patches.apply()
