"""The API of a separate project: its responses and its OpenAPI document."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import validate
from wagtail.models import Page, Site

from tests import samples
from tests.json_schemas import closed, lone_nulls, undescribed_locations, untyped_locations
from tests.samples import SAMPLES, published
from tests.stored import body_of, differences, document_of
from tests.testapp import models as app
from wagtail_delivery.api.query_strings import TEXT
from wagtail_delivery.compiler.sites import SITE_SOURCE, compile_site
from wagtail_delivery.content.snapshot import SiteSnapshot
from wagtail_delivery.encoding.base import Schema
from wagtail_delivery.encoding.schema_names import FIXED_NAMES, SchemaNames
from wagtail_delivery.schema.registry import ContentTypes

pytestmark = pytest.mark.django_db
API = "/api/v1"


def get(path: str, /, **query: Any) -> Any:
    return Client().get(API + path, query)


@pytest.fixture(scope="session")
def openapi() -> dict[str, Any]:
    return get("/openapi.json").json()


def test_the_openapi_document_is_valid(openapi: dict[str, Any]) -> None:
    validate(openapi)
    assert openapi["openapi"].startswith("3.1")
    assert untyped_locations(openapi["components"]["schemas"]) == []
    assert undescribed_locations(openapi) == []


def test_no_value_is_only_null(openapi: dict[str, Any]) -> None:
    """Generators of clients fail on it. Here is a StaticBlock."""
    assert lone_nulls(openapi) == []


def test_content_types_cannot_take_the_plugins_schema_names(openapi: dict[str, Any]) -> None:
    """Pydantic would prefix both names with their modules."""
    schemas = openapi["components"]["schemas"]
    assert [name for name in schemas if "__" in name] == []
    assert {schema.__name__ for schema in own_schemas(Schema)} <= FIXED_NAMES
    names = SchemaNames()
    for name in FIXED_NAMES:
        assert names.make(name, f"{name}Document", {}).__name__ != name


def own_schemas(base: type[Schema]) -> set[type[Schema]]:
    made = SchemaNames.__module__
    return {
        schema
        for child in base.__subclasses__()
        for schema in {child, *own_schemas(child)}
        if schema.__module__.startswith("wagtail_delivery.") and schema.__module__ != made
    }


def test_every_type_is_described(openapi: dict[str, Any]) -> None:
    """With the plural from the settings, or the English plural of the model's name."""
    lists = {"/all_fields", "/plain_topics", "/second_notices", "/shelfs", "/cars", "/pages"}
    assert lists <= set(openapi["paths"])
    assert "/silent_topics" not in openapi["paths"]


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_documents_match_their_schemas(
    name: str, home: Page, openapi: dict[str, Any], django_assert_num_queries: Any
) -> None:
    document = document_of(SAMPLES[name](home))
    with django_assert_num_queries(1):
        response = get(f"/{document.collection}/{quote(document.resource_id, safe='')}")
    assert response.status_code == 200
    assert response.content == bytes(document.body)
    assert response.headers["ETag"] == f'"{document.etag}"'

    schemas = openapi["components"]["schemas"]
    [schema_name] = [
        schema_name
        for schema_name, schema in schemas.items()
        if schema.get("properties", {}).get("type", {}).get("const") == name
        and "meta" in schema["properties"]
    ]
    schema = {
        "$ref": f"#/components/schemas/{schema_name}",
        "components": {"schemas": closed(schemas)},
    }
    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    assert [error.message for error in validator.iter_errors(response.json())] == []
    assert not validator.is_valid(response.json() | {"undeclared": None})


@pytest.mark.parametrize("count", [1, 10])
def test_the_queries_of_a_list_do_not_depend_on_its_length(
    home: Page, django_assert_max_num_queries: Any, count: int
) -> None:
    for number in range(count):
        samples.plain_topic(f"Topic {number}", slug=f"t-{number}", weight=number)
    with django_assert_max_num_queries(2):
        response = get("/plain_topics")
    # In the order of the model: by weight, the heaviest first.
    assert [item["weight"] for item in response.json()["items"]] == list(range(count))[::-1]
    assert get("/plain_topics", weight=0).json()["items"][0]["title"] == "Topic 0"


def slugs(**query: Any) -> list[str]:
    response = get("/pages", type="seat_page", **query)
    assert response.status_code == 200, response.json()
    return [item["path"].rstrip("/").rpartition("/")[2] for item in response.json()["items"]]


def test_filters_named_like_parameters_of_pages(home: Page) -> None:
    """They get the type's name as a prefix; the list's own parameters keep their meaning."""
    low = samples.seat_page(home, slug="low", parent="P1", site="S1", position=-0.0)
    high = samples.seat_page(home, slug="high", parent="P2", site="S2", position=7)
    assert slugs(seat_page_parent="P1") == ["low"]
    assert slugs(seat_page_site="S2") == ["high"]
    assert slugs(seat_page_position="0") == ["low"]
    assert slugs(order="-seat_page_position") == ["high", "low"]
    assert slugs(order="position") == ["low", "high"]
    assert slugs(parent=str(home.translation_key)) == ["low", "high"]
    assert slugs(site="localhost:80") == ["low", "high"]
    assert get("/pages", site="S1").status_code == 404
    assert body_of(low)["parent"] == "P1"
    assert body_of(high)["meta"]["parent"] == str(home.translation_key)


def test_a_renamed_member_is_a_filter(home: Page) -> None:
    samples.event_page(home)
    assert len(get("/pages", event_page_type="talk").json()["items"]) == 1
    assert get("/pages", event_page_type="walk").json()["items"] == []


def filters_of(openapi: dict[str, Any], path: str) -> dict[str, Any]:
    parameters = openapi["paths"][path]["get"]["parameters"]
    return {parameter["name"]: parameter["schema"] for parameter in parameters}


def test_envelope_members_can_be_filters(openapi: dict[str, Any]) -> None:
    """As for any other field, `api_fields` and a FilterField must name them."""
    topic = samples.full_topic("Pembentukan PERKESO", slug="a")
    samples.full_topic("Pembentukan", slug="b")
    for query in ({"title": "pembentukan perkeso"}, {"id": str(topic.translation_key).upper()}):
        assert [item["slug"] for item in get("/full_topics", **query).json()["items"]] == ["a"]
    assert get("/full_topics", title="Pembentuk").json()["items"] == []
    assert get("/full_topics", id="1").status_code == 400
    described = filters_of(openapi, "/full_topics")
    assert described["title"] == {**TEXT, "minLength": 1}
    assert described["id"] == {"type": "string", "format": "uuid"}
    # This model has no FilterField for it.
    assert "title" not in filters_of(openapi, "/plain_topics")
    assert get("/plain_topics", title="x").status_code == 400


def test_pages_are_filtered_by_their_title(home: Page, openapi: dict[str, Any]) -> None:
    samples.event_page(home)
    [item] = get("/pages", title="FAIR & SQUARE").json()["items"]
    assert item["type"] == "event_page"
    assert get("/pages", title="Fair").json()["items"] == []
    assert filters_of(openapi, "/pages")["title"] == {**TEXT, "minLength": 1}


def test_the_column_of_a_foreign_key_is_a_filter_for_the_key(openapi: dict[str, Any]) -> None:
    relations = samples.relations()
    for query in ({"plain": relations.plain_id}, {"plain_id": relations.plain_id}):
        assert len(get("/relationses", **query).json()["items"]) == 1
    assert get("/relationses", plain_id=relations.plain_id + 1).json()["items"] == []
    assert get("/relationses", order="-plain_id").status_code == 200
    described = filters_of(openapi, "/relationses")
    assert described["plain_id"] == {"type": "integer", "format": "int64"}


def test_tags_are_filtered_by_their_names(home: Page) -> None:
    page = samples.seat_page(home)
    page.tags.add("Walk in the park", "Art")
    page.save_revision().publish()
    assert slugs(tags="walk in the park") == ["seat"]
    assert slugs(tags="Art") == ["seat"]
    assert slugs(tags=str(page.tags.get(name="Art").pk)) == []


def test_relations_to_private_content_cannot_be_filtered_by(home: Page) -> None:
    """Otherwise guessing an id would reveal the relations of a draft."""
    draft = samples.draft_topic(live=False)
    hidden = samples.full_topic(live=False)
    page = samples.seat_page(home, topic=draft)
    page.topics = [hidden]
    page.save_revision().publish()
    assert (body_of(page)["topic"], body_of(page)["topics"]) == (None, [])
    assert slugs(topic=str(draft.pk)) == []
    assert slugs(topics=str(hidden.translation_key)) == []
    for topic in (draft, hidden):
        topic.save_revision().publish()
    assert slugs(topic=str(draft.pk)) == ["seat"]
    assert slugs(topics=str(hidden.translation_key)) == ["seat"]
    samples.reloaded(draft).unpublish()
    assert slugs(topic=str(draft.pk)) == []


def test_requesting_a_snippet_by_its_slug() -> None:
    topic = samples.plain_topic(slug="by-slug")
    assert get("/plain_topics/by-slug").json()["id"] == str(topic.pk)


def test_resolving_pages_of_two_sites(home: Page, second_site: Site) -> None:
    second_home = Page.objects.get(pk=second_site.root_page_id)
    here = published(app.PlainPage(title="Here", slug="about"), home)
    there = published(app.PlainPage(title="There", slug="about"), second_home)
    prefix = "/" + document_of(here).path.removesuffix("about/").strip("/")
    path = f"{prefix.rstrip('/')}/about/"
    assert get("/resolve", path=path).json()["id"] == str(here.translation_key)
    found = get("/resolve", path=path, site="second.example:8080")
    assert found.json()["id"] == str(there.translation_key)


def test_the_pages_of_two_sites(home: Page, site: Site, second_site: Site) -> None:
    second_home = Page.objects.get(pk=second_site.root_page_id)
    published(app.PlainPage(title="Here", slug="here"), home)
    published(app.PlainPage(title="There", slug="there"), second_home)
    second = "second.example:8080"

    def pages(**query: str) -> dict[str, str]:
        items = get("/pages", **query).json()["items"]
        return {item["title"]: item["site"] for item in items}

    first_pages = {"Home": "localhost:80", "Here": "localhost:80"}
    second_pages = {"Second home": second, "There": second}
    assert pages() == pages(site="default") == pages(site="localhost:80") == first_pages
    assert pages(site=second) == pages(site="SECOND.example:8080") == second_pages
    site.is_default_site = False
    site.save()
    assert pages() == {}
    second_site.is_default_site = True
    second_site.save()
    assert pages() == pages(site=second) == second_pages
    assert pages(site="localhost:80") == first_pages
    assert get("/pages", site="third.example:80").status_code == 404


def test_a_card_tells_the_site_of_its_page(home: Page, second_site: Site) -> None:
    """A document may show a page of another site."""
    second_home = Page.objects.get(pk=second_site.root_page_id).specific
    there = samples.event_page(second_home)
    holder = samples.relations()
    holder.page = there
    holder.save()
    assert body_of(holder)["page"]["site"] == "second.example:8080"
    second_site.hostname = "third.example"
    second_site.save()
    assert body_of(holder)["page"]["site"] == "third.example:8080"
    assert differences() == []


def test_resolving_an_address(home: Page) -> None:
    page = published(app.PlainPage(title="Page", slug="page"), home)
    path = document_of(page).path
    page.slug = "moved"
    page.save_revision().publish()
    moved = get("/resolve", path=path)
    assert "moved" in json.dumps(moved.json()) + str(moved.headers)
    Page.objects.get(pk=page.pk).unpublish()
    assert get("/resolve", path=path).status_code == 410
    assert get("/resolve", path="/never/").status_code == 404


def test_the_site(home: Page) -> None:
    notice = app.Notice.objects.create(text="Here is who we are")
    site = home.get_site()
    site.site_name = "R&D"
    site.save()
    found = get("/site", locale="en").json()
    assert (found["title"], found["id"]) == ("R&D", "default")
    assert found["home"]["id"] == str(home.translation_key)
    assert found["organisation"]["text"] == "Here is who we are"
    assert found["meta"]["site"] == "localhost:80"
    notice.delete()
    assert get("/site", locale="en").json()["organisation"] is None


def test_a_site_without_an_organisation(home: Page, settings: Any) -> None:
    """The setting decides whether its document and its type have the member."""
    rest = {key: value for key, value in settings.WAGTAIL_DELIVERY.items() if key != "SITE_SNIPPET"}
    settings.WAGTAIL_DELIVERY = rest
    compiled = compile_site(f"{SITE_SOURCE}{home.get_site().pk}:en", SiteSnapshot())
    assert compiled is not None
    members = list(json.loads(compiled.body))
    assert "organisation" not in members
    assert members == list(ContentTypes().site_schema.model_fields)


def test_the_locales_of_the_api() -> None:
    from django.conf import settings

    with_locales = settings.SETTINGS_MODULE.endswith("_i18n")
    codes = [locale["code"] for locale in get("/locales").json()["items"]]
    assert codes[0] == "en"
    assert ("ms" in codes) == with_locales


def test_requests_query_none_of_wagtails_tables(home: Page) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    samples.event_page(home)
    with CaptureQueriesContext(connection) as queries:
        for path in (
            "/pages",
            "/plain_topics",
            "/full_topics",
            "/site?locale=en",
            "/resolve?path=/",
        ):
            get(path)
    for query in queries:
        assert "delivery_" in query["sql"]
        assert "wagtailcore" not in query["sql"]
        assert "testapp" not in query["sql"]
