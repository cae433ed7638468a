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
def test_every_type_and_member_says_what_it_is(encoder: Encoder) -> None:
    schema = TypeAdapter(encoder.annotation).json_schema()
    types = [*schema.get("$defs", {}).values(), schema]
    described = [one for one in types if one.get("type") == "object"]
    assert described
    for one in described:
        assert one["description"]
        assert one["additionalProperties"] is False
        assert set(one["required"]) == set(one["properties"])
        for name, member in one["properties"].items():
            assert member.get("description"), f"{one['title']}.{name}"
