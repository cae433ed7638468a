"""Relations of every class and to every kind of target, public or private."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from wagtail.models import Collection, CollectionViewRestriction, Page, PageViewRestriction

from tests import samples
from tests.json_schemas import members, nullable_members, resolved
from tests.stored import body_of, differences, document_of, members_of
from tests.test_blocks import card, event_card, plain_card
from tests.test_fields import RICH
from tests.testapp import models as app
from wagtail_delivery.content.snapshot import SiteSnapshot
from wagtail_delivery.content.translation_status import TranslationStatus
from wagtail_delivery.encoding.base import Compilation, Location

pytestmark = pytest.mark.django_db


@pytest.fixture
def everywhere(home: Page) -> app.Relations:
    return samples.all_relations(home)


def test_relations_with_a_target(everywhere: app.Relations) -> None:
    found = members_of(everywhere)
    first = plain_card(app.PlainTopic.objects.get(slug="first"))
    second = plain_card(app.PlainTopic.objects.get(slug="second"))
    event = event_card(app.EventPage.objects.get())
    draft = card(everywhere.draft, "draft_topic", text={"html": "", "text": ""})
    place = {"name": "Kuala Lumpur", "email": {"user": "kl", "domain": "example.org"}}
    images = found.pop("image"), found.pop("many_images")
    assert images[0]["title"] == "A picture"
    assert images[1] == [images[0]]
    assert found.pop("document")["title"] == "A form"
    assert found == {
        "name": "All",
        "plain": first,
        "plain_id": everywhere.plain_id,
        "optional_plain": second,
        "draft": draft,
        "translatable": card(everywhere.translatable, "translatable_topic"),
        "full": card(everywhere.full, "full_topic", slug="everything", full_topic_type="a"),
        "vehicle": {
            "id": str(everywhere.vehicle_id),
            "type": "vehicle",
            "locale": None,
            "title": "Proton",
            "name": "Proton",
            "untranslated": [],
            "untranslated_languages": {},
        },
        "page": event,
        "event_page": event,
        "one_to_one": first,
        "itself": {
            "id": str(everywhere.itself_id),
            "type": "relations",
            "locale": None,
            "title": "Another",
            "name": "Another",
            "untranslated": [],
            "untranslated_languages": {},
        },
        "relations_set": [],
        "silent": {"id": str(everywhere.silent_id), "type": "testapp.silenttopic"},
        "place": place,
        "place_by_code": place,
        "place_by_code_id": "KL",
        "unspoken": {"id": str(everywhere.unspoken_id), "type": "testapp.unspoken"},
        "user": None,
        "site": {"id": str(everywhere.site_id), "type": "wagtailcore.site"},
        # In the order of the model (by weight, the heaviest first).
        "many": [second, first],
        "many_through": [first],
        # Without the draft.
        "many_drafts": [draft],
        "many_parental": [first],
        "many_places": [place],
        "memberships": [{"since": "2026-02-01"}],
        "visits": [{"number": 3}],
        "steps": [
            {"sort_order": 0, "topic": first, "page": None},
            {"sort_order": 1, "topic": second, "page": event},
        ],
        "lessons": [],
    }
    assert "Never told" not in str(body_of(everywhere))


def test_relations_without_a_target() -> None:
    found = members_of(samples.relations())
    assert found.pop("plain")["title"] == "Needed"
    assert isinstance(found.pop("plain_id"), int)
    assert found.pop("name") == "Alone"
    lists = [
        "relations_set",
        "many",
        "many_through",
        "many_drafts",
        "many_parental",
        "many_places",
        "many_images",
        "memberships",
        "visits",
        "steps",
        "lessons",
    ]
    assert found == dict.fromkeys(found) | {name: [] for name in lists}


def test_nullable_relations_are_declared_nullable() -> None:
    assert nullable_members("Relations") == {
        "locale",
        "optional_plain",
        "draft",
        "translatable",
        "full",
        "vehicle",
        "page",
        "event_page",
        "one_to_one",
        "itself",
        "silent",
        "place",
        "place_by_code",
        "place_by_code_id",
        "unspoken",
        "user",
        "site",
        "image",
        "document",
    }
    assert nullable_members("Step") == {"sort_order", "page"}
    # A child is left out without its required relation.
    assert nullable_members("Lesson") == set()


@pytest.mark.parametrize(
    "name",
    ["relations_set", "many", "many_drafts", "many_parental", "many_places", "many_images"],
)
def test_lists_of_relations_contain_no_null(name: str) -> None:
    assert "null" not in str(members("Relations")[name]["items"].get("anyOf", ""))


def test_only_the_identity_of_a_user_is_shown() -> None:
    instance = samples.relations()
    instance.user = get_user_model().objects.create(username="secret", email="s@example.org")
    instance.save()
    assert members_of(instance)["user"] == {"id": str(instance.user_id), "type": "auth.user"}
    assert b"secret" not in bytes(document_of(instance).body)


def test_reverse_relations_are_shown(everywhere: app.Relations) -> None:
    first = app.PlainTopic.objects.get(slug="first")
    assert [one["name"] for one in members_of(first)["relations"]] == ["All"]
    assert [one["name"] for one in members_of(first)["relations_many"]] == ["All"]


def test_an_order_with_respect_to_a_parent_is_kept(home: Page) -> None:
    shelf = samples.book(home).shelf
    assert [one["title"] for one in members_of(shelf)["books"]] == ["Z first", "A second"]
    shelf.set_book_order(list(shelf.get_book_order())[::-1])
    # Django writes this order without a signal.
    shelf.save()
    assert [one["title"] for one in members_of(shelf)["books"]] == ["A second", "Z first"]


def test_columns_and_display_names_of_choices_and_tables(home: Page) -> None:
    """Wagtail's own API ignores grandchildren, so they can have members of any kind."""
    page = samples.grid_page(home)
    topic = app.PlainTopic.objects.get()
    nothing = {"content_type": None, "generic": None, "by_columns": None, "remarks": []}
    table = ContentType.objects.get_for_model(topic)
    assert members_of(page) == {
        "rows": [
            {
                "cells": [
                    {
                        "_order": 0,
                        "content_type": {"id": str(table.pk), "type": "contenttypes.contenttype"},
                        "generic": {"id": str(topic.pk), "type": "testapp.plaintopic"},
                        "by_columns": {"name": "Kuala Lumpur", "email": None},
                        "remarks": [{"text": "Seen"}],
                    },
                    {"_order": 1, **nothing},
                ]
            }
        ]
    }
    assert nullable_members("Cell") == {"content_type", "generic", "by_columns"}


def test_a_generic_foreign_key_hides_drafts(home: Page) -> None:
    page = samples.grid_page(home)
    draft = samples.draft_topic("Never told", live=False)
    cell = app.Cell.objects.first()
    cell.content_type = ContentType.objects.get_for_model(draft)
    cell.object_id = str(draft.pk)
    cell.save()
    assert members_of(page)["rows"][0]["cells"][0]["generic"] is None
    draft.live = True
    draft.save()
    assert members_of(page)["rows"][0]["cells"][0]["generic"] == {
        "id": str(draft.pk),
        "type": "testapp.drafttopic",
    }
    draft.delete()
    assert members_of(page)["rows"][0]["cells"][0]["generic"] is None
    assert differences() == []


def test_nested_inline_children(home: Page) -> None:
    topic = samples.full_topic_with_chapters(home)
    related = topic.related
    assert members_of(topic) == {
        "slug": "everything",
        # Names that the envelope uses.
        "full_topic_type": "b",
        "full_topic_meta": "m",
        "full_topic_path": "/p",
        "related": card(related, "full_topic", slug="related", full_topic_type="a"),
        "related_from": [card(related, "full_topic", slug="related", full_topic_type="a")],
        "tags": ["ant", "zebra"],
        "remarks": [{"text": "Well said"}],
        "chapters": [
            {
                "heading": "One",
                "paragraphs": [
                    {"text": RICH, "footnotes": [{"sort_order": 0, "text": "Small & print"}]}
                ],
            }
        ],
    }


def test_multi_table_inheritance_and_proxies() -> None:
    car = app.Car.objects.create(name="Proton", doors=4)
    parent, proxy = car.vehicle_ptr, app.FastCar.objects.get()
    assert members_of(car) == {"name": "Proton", "successor": None, "doors": 4}
    assert members_of(parent) == {"name": "Proton", "successor": None}
    assert members_of(proxy) == {"name": "Proton"}

    car.name = "Perodua"
    car.save()
    assert [members_of(one)["name"] for one in (car, parent, proxy)] == ["Perodua"] * 3
    parent.name = "Naza"
    parent.save()
    assert [members_of(one)["name"] for one in (car, parent, proxy)] == ["Naza"] * 3
    assert differences() == []

    parent.delete()
    assert [document_of(one) for one in (car, app.FastCar(pk=car.pk))] == [None, None]
    assert differences() == []


def test_two_models_with_the_same_name(home: Page) -> None:
    first, second = (samples.SAMPLES[name](home) for name in ("notice", "second_notice"))
    assert document_of(first).collection == "notices"
    assert document_of(second).collection == "second_notices"
    assert members_of(first) == {"text": "Here"}
    assert members_of(second) == {"urgent": True}


def test_a_snippet_without_api_fields_has_no_document() -> None:
    assert document_of(app.SilentTopic.objects.create(title="Never told")) is None


def test_a_snippet_with_empty_api_fields_has_an_envelope_only() -> None:
    assert members_of(app.EmptyTopic.objects.create(title="Name")) == {}


# Private content


def hidden_page(everywhere: app.Relations) -> None:
    PageViewRestriction.objects.create(
        page=everywhere.page, restriction_type=PageViewRestriction.LOGIN
    )


def hidden_files(everywhere: app.Relations) -> None:
    private = Collection.get_first_root_node().add_child(name="Private")
    CollectionViewRestriction.objects.create(
        collection=private, restriction_type=CollectionViewRestriction.LOGIN
    )
    for thing in (everywhere.image, everywhere.document):
        thing.collection = private
        thing.save()


def draft_again(everywhere: app.Relations) -> None:
    everywhere.draft.unpublish()
    everywhere.full.unpublish()


@pytest.mark.parametrize(
    ("hide", "names"),
    [
        (hidden_page, {"page": None, "event_page": None}),
        (hidden_files, {"image": None, "document": None, "many_images": []}),
        (draft_again, {"draft": None, "full": None, "many_drafts": []}),
    ],
)
def test_private_relations_are_not_shown(
    everywhere: app.Relations, hide: Any, names: dict[str, Any]
) -> None:
    before = body_of(everywhere)
    hide(everywhere)
    after = body_of(everywhere)
    changed = {name: after[name] for name in after if after[name] != before[name]}
    changed.pop("meta")
    if "page" in names:
        assert changed.pop("steps")[1]["page"] is None
    assert changed == names
    assert differences() == []


def test_an_inline_child_whose_required_relation_is_not_public_is_left_out(home: Page) -> None:
    relations = samples.relations()
    topics = [samples.full_topic(title, slug=title, live=title != "b") for title in "abc"]
    for topic in topics:
        relations.lessons.add(app.Lesson(topic=topic, note=f"Note on {topic.title}"))
    relations.save()

    def notes() -> list[str]:
        assert differences() == []
        lessons = body_of(relations)["lessons"]
        assert all(lesson["topic"]["title"] in lesson["note"] for lesson in lessons)
        return [lesson["note"] for lesson in lessons]

    assert notes() == ["Note on a", "Note on c"]
    topics[1].save_revision().publish()
    assert notes() == ["Note on a", "Note on b", "Note on c"]
    topics[0].unpublish()
    topics[2].delete()
    assert notes() == ["Note on b"]


def test_what_was_recorded_of_a_child_that_is_left_out_is_forgotten() -> None:
    compilation = Compilation(
        SiteSnapshot(), "en", status=TranslationStatus("ms", "partial", frozenset())
    )
    first = Location("/lessons/0/note")
    with compilation.tentative():
        compilation.mark_read(first, "ms")
        compilation.depends_on_table(app.Lesson)
        assert compilation.language_at(first) == "ms"
    assert compilation.languages == {}
    assert not compilation.has_untranslated_text
    assert compilation.dependencies
    with compilation.tentative() as keep:
        compilation.mark_read(first, "ms")
        keep()
    assert compilation.languages == {"/lessons/0/note": "ms"}
    assert compilation.has_untranslated_text


def test_cards_are_one_level_deep() -> None:
    for name in ("RelationsCard", "EventPageCard", "PlainTopicCard", "FullTopicCard"):
        for schema in members(name).values():
            assert "Card" not in str(resolved(schema))
