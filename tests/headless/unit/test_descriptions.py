from __future__ import annotations

import pytest
from pydantic import TypeAdapter

from cms.headless.representation.base import Representation
from cms.headless.representation.email_addresses import EmailAddressRepresentation
from cms.headless.representation.embeds import EmbedRepresentation
from cms.headless.representation.files import DocumentFileRepresentation, FileRepresentation
from cms.headless.representation.images import ImageRepresentation
from cms.headless.representation.rich_text import RichTextRepresentation


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
