"""Every block class in Wagtail: its JSON and its schema."""

from __future__ import annotations

import datetime
import json
from functools import lru_cache
from typing import Any

import pytest
from pydantic import TypeAdapter
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock
from wagtail.models import Page

from tests import samples
from tests.json_schemas import (
    definitions,
    errors_in,
    may_be_null,
    members,
    nullable_members,
    resolved,
)
from tests.stored import body_of, differences, members_of
from tests.test_fields import RICH, SCALAR_BLOCKS, without_ids
from tests.testapp import models as app
from tests.testapp.blocks import every_block, scalar_blocks
from wagtail_delivery.content.snapshot import SiteSnapshot
from wagtail_delivery.encoding.base import (
    Compilation,
    Encoder,
    EncodingError,
    Location,
)
from wagtail_delivery.encoding.blocks import block_encoder
from wagtail_delivery.encoding.schema_names import SchemaNames
from wagtail_delivery.schema.registry import ContentTypes

pytestmark = pytest.mark.django_db

AMINAH = {"name": "Aminah", "email": {"user": "aminah", "domain": "example.org"}}


def card(instance: Any, name: str, **members: Any) -> dict[str, Any]:
    """The card of a snippet or page, as other documents show it."""
    is_page = isinstance(instance, Page)
    return {
        "id": str(getattr(instance, "translation_key", instance.pk)),
        "type": name,
        "locale": "en" if hasattr(instance, "locale") else None,
        "title": instance.title,
        **({"path": f"/{instance.slug}/", "site": "localhost:80"} if is_page else {}),
        **members,
        "untranslated": [],
        "untranslated_languages": {},
    }


def plain_card(topic: app.PlainTopic) -> dict[str, Any]:
    return card(topic, "plain_topic", slug=topic.slug, weight=topic.weight)


def event_card(page: app.EventPage) -> dict[str, Any]:
    return card(page, "event_page", event_page_type=page.type, date=None, summary="")


@pytest.fixture
def page(home: Page) -> app.BlocksPage:
    return samples.blocks_page(home)


def test_blocks_with_a_value(page: app.BlocksPage) -> None:
    found = without_ids(members_of(page)["body"])
    event = app.EventPage.objects.get()
    topic = app.PlainTopic.objects.get()
    full_topic = app.FullTopic.objects.get()
    draft = app.DraftTopic.objects.get(live=True)
    values = dict(found)
    picture, described, document = (values[name] for name in ("image", "image_block", "document"))
    one_kind, programme = values["one_kind"], values["programme"]
    assert found == [
        *SCALAR_BLOCKS,
        ("page", event_card(event)),
        ("event_page", event_card(event)),
        ("some_page", event_card(event)),
        ("plain_topic", plain_card(topic)),
        ("full_topic", card(full_topic, "full_topic", slug="everything", full_topic_type="a")),
        ("topic_chooser", plain_card(topic)),
        ("image", picture),
        ("image_block", described),
        ("document", document),
        (
            "embed",
            {
                "url": "https://video.example/watch?v=1&t=2",
                "title": "Film & more",
                "html": '<iframe src="https://video.example/embed/1"></iframe>',
                "width": 640,
                "height": 360,
                "provider_name": "Video",
                "thumbnail_url": "https://video.example/1.jpg",
            },
        ),
        ("static", None),
        (
            "table",
            {
                "caption": "Caption",
                "first_row_is_header": True,
                "first_column_is_header": False,
                "rows": [["Name", "Qty"], ["<b>", None], [None, "2"]],
            },
        ),
        (
            "typed_table",
            {
                "caption": "Typed",
                "columns": [
                    {"type": "text", "heading": "T"},
                    {"type": "topic", "heading": "S"},
                ],
                "rows": [
                    [
                        {"type": "text", "value": "x"},
                        {"type": "topic", "value": plain_card(topic)},
                    ],
                    [{"type": "text", "value": "y"}, {"type": "topic", "value": None}],
                ],
            },
        ),
        (
            "one_column_table",
            {
                "caption": "",
                "columns": [{"type": "number", "heading": ""}],
                "rows": [[{"type": "number", "value": 1.5}]],
            },
        ),
        ("counted", {"text": "one two", "words": 2}),
        ("opaque", {"reversed": "cba", "parts": [1, 2.5, None, True]}),
        ("price", "MYR 2.50"),
        (
            "badly_named",
            dict.fromkeys(
                [
                    "type",
                    "id",
                    "value",
                    "json",
                    "copy",
                    "schema",
                    "model_config",
                    "model_fields",
                    "_private",
                ],
                "x",
            ),
        ),
        ("speaker", AMINAH),
        ("numbers", [3, 1, 2]),
        ("speakers", [AMINAH, {"name": "Bala", "email": None}]),
        ("topics", [card(draft, "draft_topic", text={"html": "", "text": ""}), None]),
        ("one_kind", one_kind),
        ("programme", programme),
    ]
    assert without_ids(one_kind) == [("char", "alone")]
    [day] = programme["days"]
    assert day["date"] == "2026-02-01"
    assert without_ids(day["slots"]) == [
        ("talk", {"title": "Opening", "speakers": [AMINAH]}),
        ("pause", None),
        ("notes", ["a", "b"]),
    ]
    assert (picture["alt"], described["alt"]) == ("A picture", "Seen & described")
    for image in (picture, described):
        assert (image["width"], image["height"], image["decorative"]) == (12, 10, False)
        assert [source["type"] for source in image["sources"]] == ["image/webp", "image/jpeg"]
        assert [file["width"] for file in image["sources"][0]["srcset"]] == [8, 12]
    assert document == {
        "id": document["id"],
        "title": "A form",
        "url": document["url"],
        "filename": document["filename"],
        "media_type": "text/plain",
        "size": 5,
        "sha1": document["sha1"],
    }


def test_streams_with_one_block_type_or_none(page: app.BlocksPage) -> None:
    found = members_of(page)
    assert without_ids(found["one_kind"]) == [("paragraph", RICH)]
    assert found["no_kind"] == []


def test_block_ids_are_the_stored_ones(page: app.BlocksPage) -> None:
    stored = [block.id for block in page.body]
    assert [block["id"] for block in members_of(page)["body"]] == stored


#: Expected value of an optional block without a value.
EMPTY_TABLE = {"caption": "", "columns": [], "rows": []}
WITHOUT_VALUE = {
    "char": "",
    "text": "",
    "quote": "",
    "regex": "",
    "email": None,
    "url": None,
    "boolean": False,
    "integer": None,
    "float": None,
    "decimal": None,
    "date": None,
    "time": None,
    "date_time": None,
    "rich_text": {"html": "", "text": ""},
    "raw_html": "",
    "choice": None,
    "computed_choice": None,
    "multiple_choice": [],
    "colour": "#FFF",
    "page": None,
    "event_page": None,
    "some_page": None,
    "plain_topic": None,
    "full_topic": None,
    "topic_chooser": None,
    "user_chooser": None,
    "image": None,
    "image_block": None,
    "document": None,
    "embed": None,
    "static": None,
    "table": {
        "caption": None,
        "first_row_is_header": False,
        "first_column_is_header": False,
        "rows": [],
    },
    "typed_table": EMPTY_TABLE,
    "one_column_table": EMPTY_TABLE,
    "counted": {"text": "", "words": 0},
    "opaque": {"reversed": "", "parts": [1, 2.5, None, True]},
    "price": None,
    "badly_named": dict.fromkeys(
        [
            "type",
            "id",
            "value",
            "json",
            "copy",
            "schema",
            "model_config",
            "model_fields",
            "_private",
        ],
        "",
    ),
    "speaker": {"name": "", "email": None},
    "numbers": [None],
    "speakers": [{"name": "", "email": None}],
    "topics": [None],
    "one_kind": [],
    "programme": {"days": [{"date": None, "slots": []}]},
}


def test_blocks_without_a_value(page: app.BlocksPage) -> None:
    [(name, value)] = without_ids(members_of(page)["optional"])
    assert name == "nothing"
    assert value == WITHOUT_VALUE


def block_schemas(prefix: str) -> dict[str, Any]:
    """The schema of each block's value, by the block's name."""
    return {
        name: members(f"{prefix}{name.title().replace('_', '')}Block")["value"]
        for name, _ in every_block(required=True)
    }


def test_nullable_blocks_are_declared_nullable() -> None:
    required = {
        name for name, schema in block_schemas("BlocksPageBody").items() if may_be_null(schema)
    }
    # A single value can be missing, text can hold no address, a chosen object can be private or
    # deleted, and a static block has no value.
    assert required == {
        "url",
        "integer",
        "float",
        "decimal",
        "date",
        "time",
        "date_time",
        "choice",
        "computed_choice",
        "email",
        "page",
        "event_page",
        "some_page",
        "plain_topic",
        "full_topic",
        "topic_chooser",
        "user_chooser",
        "image",
        "image_block",
        "document",
        "embed",
        "static",
        "opaque",
        "price",
    }
    optional = nullable_members("Optional")
    empty = {name for name, value in WITHOUT_VALUE.items() if value is None}
    assert optional == empty | {"opaque"}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("char", {"type": "string"}),
        ("boolean", {"type": "boolean"}),
        ("integer", {"type": "integer"}),
        ("float", {"type": "number"}),
        ("decimal", {"type": "string", "format": "decimal"}),
        ("date", {"type": "string", "format": "date"}),
        ("date_time", {"type": "string", "format": "date-time"}),
        ("raw_html", {"type": "string", "contentMediaType": "text/html"}),
        ("choice", {"enum": ["red", "orange", "blue"], "type": "string"}),
        ("computed_choice", {"enum": ["red", "blue"]}),
        ("numbers", {"type": "array", "items": {"anyOf": [{"type": "integer"}, {"type": "null"}]}}),
    ],
)
def test_type_of_a_block(name: str, expected: dict[str, Any]) -> None:
    schema = block_schemas("BlocksPageBody")[name]
    assert expected.items() <= resolved(schema).items()


def test_stream_blocks_are_discriminated_by_type() -> None:
    items = members("BlocksPage")["body"]["items"]
    assert items["discriminator"]["propertyName"] == "type"
    assert sorted(items["discriminator"]["mapping"]) == sorted(
        name for name, _ in every_block(required=True)
    )
    assert len(items["oneOf"]) == len(items["discriminator"]["mapping"])


def test_nested_stream_blocks_are_discriminated_by_type() -> None:
    programme = resolved(block_schemas("BlocksPageBody")["programme"])
    day = resolved(programme["properties"]["days"]["items"])
    slots = day["properties"]["slots"]["items"]
    assert sorted(slots["discriminator"]["mapping"]) == ["notes", "pause", "talk"]


def test_a_reused_struct_block_has_one_schema() -> None:
    """SpeakerBlock is used in three places and described once."""
    schemas = block_schemas("BlocksPageBody")
    talk = definitions()["Talk"]["properties"]
    places = [schemas["speaker"], schemas["speakers"]["items"], talk["speakers"]["items"]]
    assert {place["$ref"] for place in places} == {"#/$defs/Speaker"}
    assert definitions()["Speaker"]["properties"]["name"]["description"] == "As it is pronounced."


def test_a_page_choosers_schema_covers_descendants_of_its_target() -> None:
    schemas = block_schemas("BlocksPageBody")
    # A concert is an event too.
    assert "ConcertPageCard" in json.dumps(resolved(schemas["event_page"]))
    assert "FormPageCard" not in json.dumps(resolved(schemas["some_page"]))
    assert "FormPageCard" in json.dumps(resolved(schemas["page"]))


def test_deleted_chosen_objects_disappear(page: app.BlocksPage) -> None:
    app.PlainTopic.objects.get().delete()
    body = dict(without_ids(body_of(page)["body"]))
    assert body["plain_topic"] is None
    assert body["topic_chooser"] is None
    assert body["typed_table"]["rows"][0][1] == {"type": "topic", "value": None}
    assert differences() == []


def test_a_child_block_added_later_is_empty_in_stored_data(home: Page) -> None:
    """Wagtail fills in the default of a child that is missing from stored data."""
    page = samples.published(app.BlocksPage(title="Old", slug="old"), home)
    stored = [{"type": "badly_named", "id": "b-1", "value": {"type": "t"}}]
    page.body = json.dumps(stored)
    page.save_revision().publish()
    [block] = body_of(page)["body"]
    assert block["id"] == "b-1"
    assert block["value"]["type"] == "t"
    assert block["value"]["json"] == ""


#: Expected value of a required block without a value or a default.
MISSING = {
    **{name: None for name, _ in scalar_blocks(required=True)},
    **dict.fromkeys(["char", "text", "quote", "regex", "raw_html"], ""),
    "boolean": False,
    "rich_text": {"html": "", "text": ""},
    "multiple_choice": [],
    "colour": "#FFF",
}
LATER: list[tuple[str, blocks.Block, Any]] = [
    *((name, block, MISSING[name]) for name, block in scalar_blocks(required=True)),
    ("integer_3", blocks.IntegerBlock(default=3), 3),
    ("day", blocks.DateBlock(default=samples.DAY), "2026-02-01"),
    ("address", blocks.URLBlock(default="https://example.org/"), "https://example.org/"),
    ("letter", blocks.ChoiceBlock(choices=[("x", "X")], default="x"), "x"),
    ("grouped", blocks.ChoiceBlock(choices=[("g", [("x", "X")])], default="x"), "x"),
    ("fraction", blocks.ChoiceBlock(choices=[(0.5, "half")]), ""),
    ("integers", blocks.ListBlock(blocks.IntegerBlock()), [None]),
    ("struct", blocks.StructBlock([("date", blocks.DateBlock())]), {"date": None}),
    ("stream", blocks.StreamBlock([("date", blocks.DateBlock())]), []),
    ("static", blocks.StaticBlock(), None),
    ("chosen", blocks.PageChooserBlock(), None),
    ("image", ImageChooserBlock(), None),
]


@lru_cache(maxsize=1)
def other_types() -> ContentTypes:
    return ContentTypes()


def encoder_of(block: blocks.Block) -> Encoder:
    """The encoder of a block that belongs to no model."""
    types = other_types()
    types.names = SchemaNames()
    return block_encoder(block, "Later", types)


@pytest.mark.parametrize(("name", "child", "expected"), LATER, ids=[name for name, *_ in LATER])
def test_a_required_child_block_added_later(name: str, child: blocks.Block, expected: Any) -> None:
    """Older data is served and matches the schema."""
    struct = blocks.StructBlock([(name, child)])
    shown = encoder_of(struct)
    compilation = Compilation(SiteSnapshot(), "")
    found = shown.encode(struct.to_python({}), Location(), compilation)
    assert found == {name: expected}
    adapter = TypeAdapter(shown.annotation)
    adapter.validate_json(json.dumps(found))
    # Only nullable values are declared nullable.
    schema = adapter.json_schema(mode="serialization")["properties"][name]
    is_struct = schema.get("$ref") == "#/$defs/LaterStruct"
    assert (not is_struct and may_be_null(schema)) == (expected is None)


@pytest.mark.parametrize("place", ["struct", "list", "stream"])
@pytest.mark.parametrize(
    ("child", "expected"),
    [
        (blocks.IntegerBlock(), None),
        (blocks.ChoiceBlock(choices=[("x", "X")]), None),
        (blocks.DateBlock(default=datetime.date.today), None),
        (blocks.IntegerBlock(default=3), 3),
        (blocks.ChoiceBlock(choices=[("x", "X")], default="x"), "x"),
    ],
)
def test_a_child_block_that_was_optional_before(
    child: blocks.Block, expected: Any, place: str
) -> None:
    """Null is stored for an optional value, at any depth."""
    outer, stored, value = {
        "struct": (blocks.StructBlock([("c", child)]), {"c": None}, {"c": expected}),
        "list": (blocks.ListBlock(child), [{"type": "item", "id": "1", "value": None}], [expected]),
        "stream": (
            blocks.StreamBlock([("c", child)]),
            [{"type": "c", "id": "1", "value": None}],
            [{"type": "c", "id": "1", "value": expected}],
        ),
    }[place]
    shown = encoder_of(outer)
    found = shown.encode(outer.to_python(stored), Location(), Compilation(SiteSnapshot(), ""))
    assert found == value
    TypeAdapter(shown.annotation).validate_json(json.dumps(found))


def test_publishing_a_page_with_child_blocks_added_later(home: Page) -> None:
    page = samples.published(app.BlocksPage(title="Old", slug="old"), home)
    # The project's own encoder decides how to show a missing colour; Wagtail reads null as the
    # HTML "None".
    names = [name for name in MISSING if name not in ("colour", "raw_html")]
    page.body = json.dumps(
        [
            *({"type": name, "id": name, "value": None} for name in names),
            {"type": "programme", "id": "p", "value": {"days": [{}]}},
            {"type": "numbers", "id": "n", "value": [None]},
        ]
    )
    page.save_revision().publish()
    body = body_of(page)
    assert errors_in(body, "BlocksPage") == []
    found = {block["type"]: block["value"] for block in body["body"]}
    assert {name: found[name] for name in names} == {name: MISSING[name] for name in names}
    assert found["programme"] == {"days": [{"date": None, "slots": []}]}
    assert found["numbers"] == [None]


def test_an_error_names_the_value_that_cannot_be_encoded(home: Page) -> None:
    page = samples.published(app.BlocksPage(title="Old", slug="old"), home)
    for stored, message in [
        (
            {"type": "choice", "value": "gone"},
            "“gone” is not one of the choices: red, orange, blue",
        ),
        ({"type": "integer", "value": "many"}, "invalid literal for int"),
    ]:
        page.body = json.dumps([{"type": "char", "value": "first"}, stored])
        revision = page.save_revision()
        with pytest.raises(EncodingError, match=message) as caught:
            revision.publish()
        assert caught.value.pointer == "/body/1/value"
        assert caught.value.instance == page


def test_removed_block_types_are_left_out(home: Page) -> None:
    page = samples.published(app.BlocksPage(title="Old", slug="old"), home)
    page.body = json.dumps(
        [{"type": "gone", "id": "g", "value": 1}, {"type": "char", "id": "c", "value": "kept"}]
    )
    page.save_revision().publish()
    assert [block["id"] for block in body_of(page)["body"]] == ["c"]


def test_legacy_values_of_image_blocks_and_tables(home: Page) -> None:
    """Values stored by earlier versions of Wagtail or of the project."""
    image = samples.an_image()
    page = samples.published(app.BlocksPage(title="Old", slug="old"), home)
    table = {"data": [["a", 1], [None, True]], "first_row_is_table_header": True}
    page.body = json.dumps(
        [
            {"type": "image_block", "id": "i", "value": image.pk},
            {"type": "table", "id": "t", "value": table},
            {"type": "embed", "id": "e", "value": "https://elsewhere.example/"},
        ]
    )
    page.save_revision().publish()
    found = {block["id"]: block["value"] for block in body_of(page)["body"]}
    assert found["i"]["alt"] == "A picture"
    assert found["t"]["rows"] == [["a", "1"], [None, "True"]]
    assert found["e"]["html"] is None
    assert differences() == []
