from __future__ import annotations

from django.apps import AppConfig


class TestAppConfig(AppConfig):
    name = "tests.testapp"
    label = "testapp"

    def ready(self) -> None:
        from tests.testapp.blocks import ColourBlock
        from tests.testapp.own_fields import ColourField
        from wagtail_delivery.extending import ScalarEncoder, register_block, register_field

        register_field(
            ColourField,
            lambda field, path, registry: ScalarEncoder(str, str, nullable=field.null),
        )
        register_block(ColourBlock, lambda block, path, registry: ScalarEncoder(str, str.upper))
