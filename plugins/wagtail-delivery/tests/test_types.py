"""Every content type: the stored documents match the schemas of the API."""

from __future__ import annotations

import json
import warnings

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page

from tests.json_schemas import definitions, errors_in, members, untyped_locations
from tests.samples import SAMPLES, reloaded
from tests.stored import (
    body_of,
    card_of,
    content_type_of,
    differences,
    document_of,
)
from wagtail_delivery.compiler.documents import compile_instance
from wagtail_delivery.content.snapshot import SiteSnapshot
from wagtail_delivery.models import Change
from wagtail_delivery.schema.registry import ContentTypes, content_types

pytestmark = pytest.mark.django_db
#: Without an address it can have no document.
NEVER_PUBLIC = "folder_page"


def test_there_is_a_sample_of_every_content_type() -> None:
    names = [content_type.name for content_type in content_types()]
    assert sorted([*SAMPLES, NEVER_PUBLIC]) == sorted(names)


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_documents_match_their_schemas(name: str, home: Page) -> None:
    instance = SAMPLES[name](home)
    content_type = content_type_of(instance)
    document = document_of(instance)

    assert content_type.name == name == document.type
    for stored, schema in (
        (document.body, content_type.document_schema),
        (document.card, content_type.card_schema),
    ):
        schema.model_validate_json(bytes(stored), strict=True)
        assert errors_in(json.loads(bytes(stored)), schema.__name__) == []
    # The members are in the order of the schema, `meta` last.
    assert list(body_of(instance)) == list(members(content_type.document_schema.__name__))
    card = card_of(instance)
    card_members = members(content_type.card_schema.__name__)
    assert list(card) == [name for name in card_members if name in card]
    few = {"untranslated_lines", "untranslated_line_languages"}
    assert card_members.keys() - card.keys() <= few
    assert list(body_of(instance))[-1] == "meta"
    assert list(body_of(instance))[:4] == ["id", "type", "locale", "title"]
    # No e-mail address of a sample is in one piece.
    assert b"@" not in bytes(document.body) + bytes(document.card)


#: Maximum number of queries for compiling, with renditions and embeds already made.
MOST_QUERIES = {
    "blocks_page": 23,
    "clinic": 23,
    "computed": 14,
    "event_page": 20,
    "relations": 39,
    # Serializers get the translations of what they show, and its statuses.
    "serialized": 15,
    # Its address takes two, and is asked for whenever a page's address is.
    "shelved_page": 15,
}
MOST_QUERIES_OF_OTHERS = 12


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_compiling_again_changes_nothing(name: str, home: Page) -> None:
    instance = SAMPLES[name](home)
    document, entries = document_of(instance), Change.objects.count()
    assert differences() == []

    instance.save()
    assert document_of(instance).etag == document.etag
    assert Change.objects.count() == entries

    snapshot = SiteSnapshot()
    with CaptureQueriesContext(connection) as queries:
        compile_instance(reloaded(instance), snapshot)
    assert len(queries) <= MOST_QUERIES.get(name, MOST_QUERIES_OF_OTHERS)


def test_no_schema_has_untyped_items() -> None:
    assert untyped_locations(definitions()) == []


def test_schemas_are_the_same_in_every_process() -> None:
    first, second = ContentTypes(), ContentTypes()
    for one, other in zip(first, second, strict=True):
        assert one.name == other.name
        assert one.document_schema.model_json_schema() == other.document_schema.model_json_schema()


def test_building_the_types_gives_no_warning() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ContentTypes()
