from __future__ import annotations

from django.apps import AppConfig


class TestAppConfig(AppConfig):
    name = "tests.headless.testapp"
    label = "testapp"

    def ready(self) -> None:
        from cms.headless.encoding import scalars
        from cms.headless.encoding.blocks import register_block
        from cms.headless.encoding.fields import register_field
        from tests.headless.testapp.blocks import ColourBlock
        from tests.headless.testapp.own_fields import ColourField

        register_field(
            ColourField,
            lambda field, path, content_types: scalars.ScalarEncoder(str, str, nullable=field.null),
        )
        register_block(
            ColourBlock, lambda block, path, content_types: scalars.ScalarEncoder(str, str.upper)
        )
