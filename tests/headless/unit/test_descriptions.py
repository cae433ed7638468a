from __future__ import annotations

import pytest
from pydantic import TypeAdapter

from cms.headless.encoding.base import Representation
from cms.headless.encoding.email_addresses import EmailAddressRepresentation
from cms.headless.encoding.embeds import EmbedRepresentation
from cms.headless.encoding.files import DocumentFileRepresentation, FileRepresentation
from cms.headless.encoding.images import ImageRepresentation
from cms.headless.encoding.rich_text import RichTextRepresentation


@pytest.mark.parametrize(
    "representation",
    [
        DocumentFileRepresentation(),
        EmailAddressRepresentation(),
        EmbedRepresentation(),
        FileRepresentation(),
        FileRepresentation(image=True),
        ImageRepresentation(),
        RichTextRepresentation(),
    ],
    ids=lambda representation: str(representation.annotation),
)
def test_every_type_and_member_says_what_it_is(representation: Representation) -> None:
    schema = TypeAdapter(representation.annotation).json_schema()
    types = [*schema.get("$defs", {}).values(), schema]
    described = [one for one in types if one.get("type") == "object"]
    assert described
    for one in described:
        assert one["description"]
        assert one["additionalProperties"] is False
        assert set(one["required"]) == set(one["properties"])
        for name, member in one["properties"].items():
            assert member.get("description"), f"{one['title']}.{name}"
