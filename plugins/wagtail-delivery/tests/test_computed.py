"""Properties, methods and serializers in `api_fields`."""

from __future__ import annotations

from typing import Any

import pytest
from wagtail.models import Page

from tests import samples
from tests.json_schemas import members, nullable_members, resolved
from tests.stored import body_of, differences, document_of, members_of
from tests.test_blocks import card, event_card, plain_card
from tests.testapp import models as app
from wagtail_delivery.encoding.base import EncodingError

pytestmark = pytest.mark.django_db


def test_values_of_properties_and_methods(home: Page) -> None:
    instance = samples.computed(home)
    event = event_card(app.EventPage.objects.get())
    a, b = (plain_card(topic) for topic in app.PlainTopic.objects.order_by("title"))
    assert members_of(instance) == {
        "constant": "always",
        "number": 3,
        "half": 1.5,
        "optional": "Sum",
        "lazy": "Yes",
        "day": "2026-01-03",
        "moment": "2026-01-01T00:00:00Z",
        "exact": "1.10",
        "identifier": "00000000-0000-0000-0000-000000000003",
        "mood": "good",
        "literal": "x",
        "opening": {"day": "mon", "hours": [[9, 17]]},
        "old_opening": {"day": "mon"},
        "distance": {"kilometres": "1.5", "place": None},
        "pair": [1, "b"],
        "weather": [{"temperature": 30.5, "at": "2026-01-01T00:00:00Z"}],
        "mapping": {"a": [1, None]},
        "words": ["a", "b", "c", "d"],
        "html_text": "AT&T <b>bold</b> &amp; name (at) example.org",
        "cached": [a, b],
        "heaviest": a,
        "drafts": [card(instance.draft, "draft_topic", text={"html": "", "text": ""})],
        "events": [event],
        "chosen_page": event,
        "unspoken_thing": {"id": str(app.Unspoken.objects.get().pk), "type": "testapp.unspoken"},
        "full_topic": card(instance.full, "full_topic", slug="everything", full_topic_type="a"),
        "page_url": "http://localhost/event/",
        "page_type": "testapp.EventPage",
        "global_motto": "Onward",
        "phones": ["300"],
        "method": 6,
        "method_with_default": 15,
        "class_method": "Computed",
        "static_method": True,
        "untyped": {"a": [1, 2.5, None, {"b": "2026-01-01"}], "c": "Yes"},
        "untyped_method": [3, "two"],
        "any_typed": None,
        "wrongly_imported": 1,
        "union_of_models": None,
    }


JSON_VALUE = {"$ref": "#/$defs/JsonValue"}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("number", {"type": "integer", "description": "How many there are."}),
        ("half", {"type": "number"}),
        ("lazy", {"type": "string"}),
        ("day", {"type": "string", "format": "date"}),
        ("moment", {"type": "string", "format": "date-time"}),
        ("exact", {"type": "string"}),
        ("identifier", {"type": "string", "format": "uuid"}),
        ("mood", {"enum": ["good", "bad"]}),
        ("literal", {"enum": ["x", "y"]}),
        ("method", {"type": "integer", "description": "Doubles."}),
        ("static_method", {"type": "boolean"}),
        ("words", {"type": "array", "uniqueItems": True, "items": {"type": "string"}}),
        ("phones", {"type": "array", "items": {"type": "string"}}),
        ("cached", {"type": "array", "items": {"$ref": "#/$defs/PlainTopicCard"}}),
        ("drafts", {"type": "array", "items": {"$ref": "#/$defs/DraftTopicCard"}}),
        ("events", {"type": "array", "items": {"$ref": "#/$defs/ConcertPageOrEventPageCard"}}),
    ],
)
def test_schema_of_an_annotated_member(name: str, expected: dict[str, Any]) -> None:
    schema = members("Computed")[name]
    assert expected.items() <= (resolved(schema) | schema).items()


@pytest.mark.parametrize(
    ("name", "reference"),
    [
        ("opening", "Opening"),
        ("weather", "Weather"),
        ("pair", "Pair"),
        ("heaviest", "PlainTopicCard"),
        ("chosen_page", "PageCard"),
        ("full_topic", "FullTopicCard"),
        ("distance", "Distance"),
        ("unspoken_thing", "Reference"),
    ],
)
def test_named_types_have_schemas_of_their_own(name: str, reference: str) -> None:
    assert f"'#/$defs/{reference}'" in str(members("Computed")[name])


@pytest.mark.parametrize(
    "name",
    [
        "constant",
        "old_opening",
        "untyped",
        "untyped_method",
        "any_typed",
        "wrongly_imported",
        "union_of_models",
    ],
)
def test_an_unannotated_member_is_any_json(name: str) -> None:
    assert JSON_VALUE.items() <= members("Computed")[name].items()


def test_nullable_annotations_are_declared_nullable() -> None:
    untyped = {"constant", "old_opening", "untyped", "untyped_method", "any_typed"}
    untyped |= {"wrongly_imported", "union_of_models"}
    assert nullable_members("Computed") - untyped == {
        "locale",
        "optional",
        "moment",
        "literal",
        "distance",
        "heaviest",
        "chosen_page",
        "unspoken_thing",
        "full_topic",
        "page_url",
        "page_type",
    }


def test_missing_values_are_null() -> None:
    found = members_of(app.Computed.objects.create(name=""))
    for name in ("optional", "heaviest", "chosen_page", "full_topic", "page_url", "page_type"):
        assert found[name] is None
    assert (found["cached"], found["drafts"], found["events"]) == ([], [], [])


def test_return_values_are_validated_against_the_annotation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    instance = app.Computed.objects.create(name="x")
    before = body_of(instance)
    monkeypatch.setattr(app.Computed, "number", "no number")
    with pytest.raises(EncodingError, match="/number"):
        instance.save()
    assert body_of(instance) == before


def test_the_error_for_invalid_json_names_the_location(monkeypatch: pytest.MonkeyPatch) -> None:
    instance = app.Computed.objects.create(name="x")
    monkeypatch.setattr(app.Computed, "untyped", object())
    with pytest.raises(EncodingError, match="/untyped"):
        instance.save()


def test_computed_members_omit_private_content(home: Page) -> None:
    instance = samples.computed(home)
    instance.draft.unpublish()
    instance.full.unpublish()
    Page.objects.get(pk=instance.page_id).unpublish()
    found = members_of(instance)
    assert (found["drafts"], found["full_topic"], found["chosen_page"]) == ([], None, None)
    assert found["events"] == []
    assert differences() == []


# Query tracking: a change to anything that code reads recompiles its documents


def test_a_changed_setting_recompiles_its_documents(home: Page) -> None:
    instance = samples.computed(home)
    event = app.EventPage.objects.get()
    motto = app.GlobalSettings.objects.get()
    motto.motto = "Upward"
    motto.save()
    phone = app.ContactSettings.objects.get()
    phone.phone = "301"
    phone.save()
    found = members_of(instance)
    assert (found["global_motto"], found["phones"]) == ("Upward", ["301"])
    assert members_of(event)["site_phone"] == "301"
    assert differences() == []


def test_added_and_deleted_rows_recompile_documents(home: Page) -> None:
    instance = samples.computed(home)
    heavy = samples.plain_topic("Heavy", slug="heavy", weight=99)
    assert members_of(instance)["heaviest"]["title"] == "Heavy"
    heavy.delete()
    assert members_of(instance)["heaviest"]["title"] == "A"
    assert differences() == []


def test_a_changed_site_address_recompiles_documents(home: Page) -> None:
    instance = samples.computed(home)
    site = home.get_site()
    site.hostname, site.port = "new.example", 8080
    site.save()
    assert members_of(instance)["page_url"] == "http://new.example:8080/event/"
    assert differences() == []


# Serializers


def test_values_of_serializers(home: Page) -> None:
    instance = samples.serialized(home)
    topic = {"id": instance.topic_id, "title": "T", "slug": "plain", "weight": 2}
    found = members_of(instance)
    for name, (width, height) in {"thumbnail": (4, 4), "image": (4, 3)}.items():
        rendition = found.pop(name)
        assert (rendition["width"], rendition["height"]) == (width, height)
        assert rendition["url"].startswith("/media/images/")
        assert rendition["full_url"] == f"http://testserver{rendition['url']}"
        assert rendition["alt"] == "A picture"
    assert found == {
        "topic": topic,
        "topics": [topic],
        "rich_topic": {"title": "T", "heavy": True, "opaque": {"weight": 2}},
        "loud": "BAA",
        "mute": ["baa"],
        "size": {"length": 3},
        "topic_key": instance.topic_id,
        "topic_keys": [instance.topic_id],
        "topic_names": ["T"],
        "topic_slug": "plain",
        "topic_title": "T",
        "price": "2.50",
        "letters": ["b", "a", "a"],
        "raw": "baa",
        "as_json": "baa",
        "counts": {"b": 1, "a": 2},
        "kinds": ["a", "b"],
        "draft": None,
        "drafts": [],
    }


def test_serializers_of_missing_values() -> None:
    found = members_of(app.Serialized.objects.create(name="x"))
    for name in ("thumbnail", "image", "topic", "rich_topic", "topic_key", "topic_slug", "draft"):
        assert found[name] is None
    for name in ("topics", "topic_keys", "topic_names", "drafts"):
        assert found[name] == []
    assert found["topic_title"] == ""


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("loud", {"type": "string"}),
        ("size", {"properties": {"length": {"title": "Length", "type": "integer"}}}),
        ("price", {"type": "string", "format": "decimal"}),
        ("topic_keys", {"type": "array", "items": {"type": "integer"}}),
        ("topic_names", {"type": "array", "items": {"type": "string"}}),
        ("counts", {"type": "object", "additionalProperties": {"type": "integer"}}),
        ("kinds", {"type": "array", "items": {"enum": ["a", "b"], "type": "string"}}),
    ],
)
def test_schema_of_a_serializer(name: str, expected: dict[str, Any]) -> None:
    assert expected.items() <= resolved(members("Serialized")[name]).items()


def test_schema_of_a_nested_serializer() -> None:
    schema = resolved(members("Serialized")["topic"])["properties"]
    assert {name: part["type"] for name, part in schema.items()} == {
        "id": "integer",
        "title": "string",
        "slug": "string",
        "weight": "integer",
    }
    rich = resolved(members("Serialized")["rich_topic"])["properties"]
    assert rich["heavy"]["type"] == "boolean"
    assert rich["opaque"]["$ref"] == "#/$defs/JsonValue"
    assert "secret" not in rich


def test_serializers_never_receive_private_content() -> None:
    """Wagtail's own API v2 exposes a draft through such a serializer."""
    draft = samples.draft_topic("Never told", live=False)
    instance = app.Serialized.objects.create(name="x", draft=draft)
    public = samples.draft_topic("Public")
    instance.drafts.add(draft, public)
    found = members_of(instance)
    assert found["draft"] is None
    assert [one["title"] for one in found["drafts"]] == ["Public"]
    assert b"Never told" not in bytes(document_of(instance).body)

    draft.live = True
    draft.title = "Told"
    draft.save()
    assert members_of(instance)["draft"]["title"] == "Told"
    public.unpublish()
    assert [one["title"] for one in members_of(instance)["drafts"]] == ["Told"]
    assert differences() == []


def test_a_missing_image_file_is_reported_as_in_wagtail(home: Page) -> None:
    instance = samples.serialized(home)
    instance.image.file.storage.delete(instance.image.file.name)
    instance.image.renditions.all().delete()
    instance.image.save()
    assert members_of(instance)["thumbnail"] == {"error": "SourceImageIOError"}
