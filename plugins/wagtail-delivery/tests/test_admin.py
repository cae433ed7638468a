"""Editing in Wagtail's admin, including bulk actions that send no signals."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from wagtail.images.forms import get_image_form
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection, CollectionViewRestriction, Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from tests import samples
from tests.samples import published, reloaded
from tests.stored import body_of, differences, document_of, members_of
from tests.testapp import models as app
from wagtail_delivery.hashes import Scope, list_hash
from wagtail_delivery.models import DocumentOrder

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(get_user_model().objects.create_superuser("editor", "e@example.org", "x"))
    return client


def bulk(editor: Client, action: str, instances: list[Any], **data: Any) -> None:
    """Run a bulk action of the admin on `instances`."""
    model = Page if isinstance(instances[0], Page) else type(instances[0])
    address = reverse(
        "wagtail_bulk_action", args=[model._meta.app_label, model._meta.model_name, action]
    )
    query = urlencode([("id", thing.pk) for thing in instances] + [("next", "/")])
    response = editor.post(f"{address}?{query}", data)
    assert response.status_code == 302, response.content


@pytest.fixture
def pages(home: Page) -> list[Any]:
    return [
        published(app.EventPage(title=title, slug=title, type="talk"), home)
        for title in ("one", "two")
    ]


def test_bulk_unpublishing_and_publishing_pages(editor: Client, pages: list[Any]) -> None:
    bulk(editor, "unpublish", pages, include_descendants="")
    assert [document_of(page) for page in pages] == [None, None]
    assert differences() == []
    bulk(editor, "publish", pages, include_descendants="")
    assert [body_of(page)["path"] for page in pages] == ["/one/", "/two/"]
    assert differences() == []


def test_bulk_moving_and_deleting_pages(editor: Client, home: Page, pages: list[Any]) -> None:
    target = published(app.PlainPage(title="Target", slug="target"), home)
    bulk(editor, "move", pages, chooser=target.pk)
    assert [body_of(page)["path"] for page in pages] == ["/target/one/", "/target/two/"]
    assert differences() == []
    bulk(editor, "delete", pages)
    assert [document_of(page) for page in pages] == [None, None]
    assert differences() == []


def test_bulk_deleting_snippets(editor: Client) -> None:
    topics = [samples.plain_topic(title) for title in ("One", "Two")]
    bulk(editor, "delete", topics)
    assert [document_of(topic) for topic in topics] == [None, None]
    assert differences() == []


def test_bulk_moving_files_to_a_private_collection_hides_them(editor: Client, home: Page) -> None:
    """Wagtail runs one UPDATE for this and sends no signal."""
    page = samples.event_page(home)
    holder = app.Relations.objects.create(
        name="Holder", plain=samples.plain_topic(), document=samples.a_document()
    )
    private = Collection.get_first_root_node().add_child(name="Private")
    CollectionViewRestriction.objects.create(
        collection=private, restriction_type=CollectionViewRestriction.LOGIN
    )
    bulk(editor, "add_to_collection", [page.image], collection=private.pk)
    assert members_of(page)["image"] is None
    bulk(editor, "add_to_collection", [holder.document], collection=private.pk)
    assert members_of(holder)["document"] is None
    assert differences() == []


def test_bulk_tagging_images(editor: Client, home: Page) -> None:
    page = samples.event_page(home)
    bulk(editor, "add_tags", [page.image], tags="new")
    assert differences() == []


def test_dragging_snippets_into_another_order(editor: Client) -> None:
    """Wagtail renumbers the other snippets with one UPDATE."""
    ranked = [app.Ranked.objects.create(title=str(n), sort_order=n) for n in range(4)]
    response = editor.post(
        reverse("wagtailsnippets_testapp_ranked:reorder", args=[ranked[3].pk]) + "?position=0"
    )
    assert response.json() == {"success": True}
    assert [reloaded(one).sort_order for one in ranked] == [1, 2, 3, 0]
    assert [members_of(one)["sort_order"] for one in ranked] == [1, 2, 3, 0]
    document = document_of(ranked[0])
    number = list_hash(Scope("rankeds", "", document.locale), "sort_order")
    rows = DocumentOrder.objects.filter(list=number).order_by("value")
    assert [row.document.source for row in rows] == [
        f"testapp.ranked:{ranked[n].pk}" for n in (3, 0, 1, 2)
    ]
    assert differences() == []


def test_replacing_the_file_of_an_image(home: Page) -> None:
    """The form saves the image and then deletes the renditions of the old file."""
    page = samples.event_page(home)
    before = members_of(page)
    other = get_test_image_file(size=(12, 12))
    form = get_image_form(Image)(
        {"title": "New", "collection": page.image.collection_id},
        {"file": SimpleUploadedFile("other.png", other.file.getvalue(), "image/png")},
        instance=reloaded(page.image),
    )
    assert form.is_valid(), form.errors
    form.save()
    after = members_of(page)
    assert after["image"]["height"] == 12
    assert after["thumbnail"]["url"] != before["thumbnail"]["url"]
    storage = page.image.file.storage
    for source in after["image"]["sources"]:
        for file in source["srcset"]:
            assert storage.exists(file["url"].removeprefix("/media/"))
    assert storage.exists(after["thumbnail"]["url"].removeprefix("/media/"))
    assert differences() == []


def test_ordering_children_in_the_explorer(editor: Client, home: Page, pages: list[Any]) -> None:
    response = editor.post(
        reverse("wagtailadmin_pages:set_page_position", args=[pages[1].pk]) + "?position=0"
    )
    assert response.status_code == 200
    assert [child.slug for child in reloaded(home).get_children().order_by("path")] == [
        "two",
        "one",
    ]
    assert differences() == []


def test_saving_a_settings_form(editor: Client, home: Page) -> None:
    page = samples.event_page(home)
    address = reverse(
        "wagtailsettings:edit", args=["testapp", "contactsettings", home.get_site().pk]
    )
    assert editor.post(address, {"phone": "302"}).status_code == 302
    assert members_of(page)["site_phone"] == "302"
    assert differences() == []


def test_publishing_a_page_from_its_form(editor: Client, home: Page, pages: list[Any]) -> None:
    data = nested_form_data(
        {
            "title": "Edited",
            "slug": "edited",
            "type": "walk",
            "summary": "S",
            "tags": "a,b",
            "sessions": inline_formset([{"name": "New", "speakers": inline_formset([])}]),
            "comments": inline_formset([]),
        }
    )
    address = reverse("wagtailadmin_pages:edit", args=[pages[0].pk])
    before = document_of(pages[0]).etag
    assert editor.post(address, data).status_code == 302
    assert document_of(pages[0]).etag == before
    assert editor.post(address, data | {"action-publish": "1"}).status_code == 302
    members = members_of(pages[0])
    assert (members["event_page_type"], members["tags"]) == ("walk", ["a", "b"])
    assert members["sessions"] == [{"name": "New", "speakers": []}]
    assert differences() == []
