from __future__ import annotations

from django.apps import AppConfig


class TestAppConfig(AppConfig):
    name = "tests.testapp"
    label = "testapp"

    def ready(self) -> None:
        from tests.testapp.blocks import ColourBlock
        from tests.testapp.own_fields import ColourField
        from wagtail_delivery.encoding import scalars
        from wagtail_delivery.encoding.blocks import register_block
        from wagtail_delivery.encoding.fields import register_field

        register_field(
            ColourField,
            lambda field, path, content_types: scalars.ScalarEncoder(str, str, nullable=field.null),
        )
        register_block(
            ColourBlock, lambda block, path, content_types: scalars.ScalarEncoder(str, str.upper)
        )
