from __future__ import annotations

import pytest
from pydantic import TypeAdapter

from wagtail_delivery.encoding.base import Encoder
from wagtail_delivery.encoding.email_addresses import EmailAddressEncoder
from wagtail_delivery.encoding.embeds import EmbedEncoder
from wagtail_delivery.encoding.files import DocumentFileEncoder, FileEncoder
from wagtail_delivery.encoding.images import ImageEncoder
from wagtail_delivery.encoding.rich_text import RichTextEncoder


@pytest.mark.parametrize(
    "encoder",
    [
        DocumentFileEncoder(),
        EmailAddressEncoder(),
        EmbedEncoder(),
        FileEncoder(),
        FileEncoder(image=True),
        ImageEncoder(),
        RichTextEncoder(),
    ],
    ids=lambda encoder: str(encoder.annotation),
)
def test_every_type_and_member_has_a_description(encoder: Encoder) -> None:
    schema = TypeAdapter(encoder.annotation).json_schema()
    definitions = [*schema.get("$defs", {}).values(), schema]
    objects = [definition for definition in definitions if definition.get("type") == "object"]
    assert objects
    for definition in objects:
        assert definition["description"]
        assert "additionalProperties" not in definition, "clients must accept further members"
        assert set(definition["required"]) == set(definition["properties"])
        for name, member in definition["properties"].items():
            assert member.get("description"), f"{definition['title']}.{name}"
