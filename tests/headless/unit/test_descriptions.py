from __future__ import annotations

import pytest
from pydantic import TypeAdapter

from cms.headless.encoding.base import Encoder
from cms.headless.encoding.email_addresses import EmailAddressEncoder
from cms.headless.encoding.embeds import EmbedEncoder
from cms.headless.encoding.files import DocumentFileEncoder, FileEncoder
from cms.headless.encoding.images import ImageEncoder
from cms.headless.encoding.rich_text import RichTextEncoder


@pytest.mark.parametrize(
    "representation",
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
