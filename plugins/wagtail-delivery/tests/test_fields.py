"""Every field class of Django, Wagtail, taggit and modelcluster: its JSON and its schema."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from wagtail.models import Page

from tests import samples
from tests.json_schemas import members, nullable_members, resolved
from tests.stored import body_of, document_of, members_of
from tests.testapp import models as app
from tests.testapp.models.scalar_fields import own_folder
from wagtail_delivery.encoding.base import EncodingError

pytestmark = pytest.mark.django_db

RICH = {"html": "<p>R&amp;D &lt;5 <b>bold</b><br/>é&nbsp;x</p>", "text": "R&D <5 bold\né\xa0x"}


def without_ids(stream: list[dict[str, Any]]) -> list[tuple[str, Any]]:
    """The blocks of a stream without the ids generated on save."""
    assert all(uuid.UUID(block["id"]) for block in stream)
    return [(block["type"], block["value"]) for block in stream]


SCALAR_BLOCKS = [
    ("char", "AT&T <b>"),
    ("text", "two\nlines"),
    ("quote", "said"),
    ("regex", "A1"),
    ("email", {"user": "name", "domain": "example.org"}),
    ("url", "https://example.org/?a=1&b=2"),
    ("boolean", True),
    ("boolean", False),
    ("integer", 0),
    ("float", 0.5),
    ("decimal", "10.10"),
    ("date", "2026-02-01"),
    ("time", "08:30:00"),
    ("date_time", "2026-02-01T00:30:00Z"),
    ("rich_text", RICH),
    ("raw_html", '<p class="x">&copy;</p>'),
    ("choice", "orange"),
    ("computed_choice", "blue"),
    ("multiple_choice", ["red", "blue"]),
    # In capitals, from the project's own encoder.
    ("colour", "#ABC"),
]


def test_fields_with_a_value() -> None:
    instance = samples.all_fields()
    found = members_of(instance)
    stream = found.pop("stream")
    assert without_ids(stream) == SCALAR_BLOCKS
    assert found == {
        "big_integer": 9223372036854775807,
        "binary": "AP8=",
        "boolean": True,
        "char": 'AT&T <b> "q"',
        "date": "2026-02-01",
        "date_time": "2026-02-01T00:30:00Z",
        "decimal": "12345678.5000",
        "duration": "P3DT04H00M00.000005S",
        "email": {"user": "a.b", "domain": "example.org"},
        "file": {"url": instance.file.url, "filename": instance.file.name[6:], "size": 4},
        "file_path": f"{own_folder()}/keys.py",
        "float": 1.5,
        "ip_address": "2001:db8::1",
        "image": image_file(instance.image, 3, 2),
        "wagtail_image": image_file(instance.wagtail_image, 4, 2),
        "integer": -1,
        "json": {"a": [1, None, True, "x (at) example.org"], "y (at) example.org": {}},
        "positive_big_integer": 9223372036854775807,
        "positive_integer": 7,
        "positive_small_integer": 8,
        "slug": "a-slug",
        "small_integer": -9,
        "text": "one\ntwo & three",
        "time": "08:30:15",
        "url": "https://example.org/?a=1&b=2",
        "uuid": "00000000-0000-0000-0000-000000000007",
        "generated": 'AT&T <B> "Q"',
        "rich_text": RICH,
        "tags": ["Alpha & Omega", "beta"],
        "colour": "#abcdef",
        "point": [1.5, 2.5],
        "short_text": "short",
    }


def image_file(file: Any, width: int, height: int) -> dict[str, Any]:
    return {
        "url": file.url,
        "filename": file.name.rpartition("/")[2],
        "size": file.size,
        "width": width,
        "height": height,
    }


#: Optional fields that are never null: text and lists.
NEVER_NULL = {
    "char": "",
    "file_path": "",
    "slug": "",
    "text": "",
    "url": "",
    "short_text": "",
    "rich_text": {"html": "", "text": ""},
    "null_rich_text": {"html": "", "text": ""},
    "stream": [],
    "null_stream": [],
    "tags": [],
}


def test_fields_without_a_value() -> None:
    found = members_of(samples.no_fields())
    assert found == dict.fromkeys(app.AllOptionalFields.api_fields) | NEVER_NULL


def test_nullable_fields_are_declared_nullable() -> None:
    assert nullable_members("AllOptionalFields") == {
        name for name in app.AllOptionalFields.api_fields if name not in NEVER_NULL
    } | {"locale"}
    # A file can be missing, text can hold no address, and plain JSON can be anything.
    assert nullable_members("AllFields") == {
        "locale",
        "email",
        "file",
        "image",
        "wagtail_image",
        "json",
        "point",
    }


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("big_integer", {"type": "integer", "description": "As large as they come."}),
        ("binary", {"type": "string", "contentEncoding": "base64"}),
        ("boolean", {"type": "boolean"}),
        ("char", {"type": "string", "description": "a short text"}),
        ("date", {"type": "string", "format": "date"}),
        ("date_time", {"type": "string", "format": "date-time"}),
        ("decimal", {"type": "string", "format": "decimal"}),
        ("duration", {"type": "string", "format": "duration"}),
        ("float", {"type": "number"}),
        ("generated", {"type": "string"}),
        ("ip_address", {"type": "string"}),
        ("small_integer", {"type": "integer"}),
        ("time", {"type": "string", "format": "time"}),
        ("url", {"type": "string", "format": "uri-reference"}),
        ("uuid", {"type": "string", "format": "uuid"}),
        ("tags", {"type": "array", "items": {"type": "string"}}),
        ("colour", {"type": "string"}),
        ("short_text", {"type": "string"}),
    ],
)
def test_schema_of_a_field(name: str, expected: dict[str, Any]) -> None:
    assert expected.items() <= members("AllFields")[name].items()
    optional = resolved(members("AllOptionalFields")[name])
    expected.pop("description", None)
    assert name == "generated" or expected.items() <= optional.items()


def test_values_of_fields_with_choices() -> None:
    assert members_of(samples.all_choices()) == {
        "size": "l",
        "level": 0,
        "grouped": "orange",
        "computed": "two",
        "yes_or_no": False,
        "day": "2026-01-01",
        "price": "1.50",
        "blank_size": None,
        "null_size": None,
        "null_level": None,
        "null_yes_or_no": None,
        "explained": None,
        "get_size_display": "Large & wide",
        "get_null_level_display": None,
    }


@pytest.mark.parametrize(
    ("name", "enum"),
    [
        ("size", ["s", "l"]),
        ("level", [0, 3]),
        ("grouped", ["red", "orange", "blue", "x"]),
        ("computed", ["one", "two"]),
        ("yes_or_no", [True, False]),
        ("blank_size", ["s", "l"]),
        ("null_size", ["s", "l"]),
        ("null_level", [0, 3]),
        ("null_yes_or_no", [True, False]),
        ("explained", ["a", "b"]),
        ("day", None),
        ("price", None),
    ],
)
def test_choices_are_an_enum(name: str, enum: list[Any] | None) -> None:
    assert resolved(members("AllChoices")[name]).get("enum") == enum


def test_optional_choices_are_nullable() -> None:
    assert nullable_members("AllChoices") == {
        "locale",
        "blank_size",
        "null_size",
        "null_level",
        "null_yes_or_no",
        "explained",
        "get_null_level_display",
    }


def test_choice_labels_are_in_the_description() -> None:
    assert members("AllChoices")["size"]["description"].endswith("`s`: Small; `l`: Large & wide")


def test_an_invalid_choice_is_an_error() -> None:
    instance = samples.all_choices()
    before = body_of(instance)
    instance.size = "?"
    with pytest.raises(EncodingError, match="/size"):
        instance.save()
    assert body_of(instance) == before
    instance.refresh_from_db()
    assert instance.size == "l"


@pytest.mark.parametrize(
    ("name", "identity"),
    [
        ("auto_keyed", None),
        ("small_auto_keyed", None),
        ("big_auto_keyed", "4611686018427387904"),
        ("uuid_keyed", "00000000-0000-0000-0000-000000000005"),
        ("text_keyed", "é/:? &"),
        ("foreign_keyed", "é/:? &"),
    ],
)
def test_identity_for_each_class_of_primary_key(
    home: Page, name: str, identity: str | None
) -> None:
    instance = samples.SAMPLES[name](home)
    assert body_of(instance)["id"] == (identity or str(instance.pk))
    assert document_of(instance).resource_id == body_of(instance)["id"]


def test_the_longest_primary_key_is_stored() -> None:
    instance = app.TextKeyed.objects.create(code="é" * 255, name="Long")
    assert body_of(instance)["code"] == "é" * 255


def test_changing_a_primary_key_makes_another_document() -> None:
    """Django saves another row; the old one keeps its document until it is deleted."""
    old = app.TextKeyed.objects.create(code="old", name="Same")
    new = app.TextKeyed.objects.create(code="new", name="Same")
    app.TextKeyed.objects.filter(code="old").first().delete()
    assert document_of(old) is None
    assert body_of(new)["id"] == "new"
