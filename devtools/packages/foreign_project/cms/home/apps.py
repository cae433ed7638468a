"""Registers an encoder through the delivery plugin's public face."""

from __future__ import annotations

from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "cms.home"
    label = "home"

    def ready(self) -> None:
        from cms.home.models import ColourField
        from wagtail_delivery.extending import ScalarEncoder, register_field

        register_field(ColourField, lambda field, path, registry: ScalarEncoder(str, str.upper))
