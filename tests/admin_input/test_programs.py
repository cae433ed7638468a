"""What programs send: JSON that is none, keys that are none, forms that lack a field."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from wagtail.images import get_image_model

from cms.pages.models import HomePage
from tests.admin_input.odd_files import FILES, PNG
from tests.admin_input.odd_json import BODIES
from tests.factories import HomePageFactory, StandardPageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def home() -> HomePage:
    return HomePageFactory()


@pytest.mark.parametrize("oddity", BODIES)
def test_dismissed_notices_are_an_object_of_short_answers(
    admin_client: Client, oddity: str
) -> None:
    url = reverse("wagtailadmin_dismissibles")
    response = admin_client.patch(url, BODIES[oddity], content_type="application/json")
    assert response.status_code in (200, 400)
    assert admin_client.patch(url, {"a": True}, content_type="application/json").json()["a"] is True


@pytest.mark.parametrize("oddity", ["nested without end", "objects without end", "broken"])
def test_json_that_cannot_be_read_is_refused(
    admin_client: Client, home: HomePage, oddity: str
) -> None:
    url = reverse("wagtailadmin_api:pages:action", args=[home.pk, "publish"])
    response = admin_client.post(url, BODIES[oddity], content_type="application/json")
    assert response.status_code == 400


def test_half_an_emoji_in_json_leaves_the_rest(admin_client: Client, home: HomePage) -> None:
    page = StandardPageFactory(parent=home)
    url = reverse("wagtailadmin_api:pages:action", args=[page.pk, "copy"])
    body = b'{"title": "Tahniah \\ud83d semua\\u0000", "slug": "tahniah"}'
    assert admin_client.post(url, body, content_type="application/json").status_code == 201
    assert home.get_children().get(slug="tahniah").title == "Tahniah  semua"


@pytest.mark.parametrize("query", [{"id": '"'}, {"id": ""}, {"id": "all", "childOf": "x"}])
@pytest.mark.parametrize("kind", [("snippets", "act"), ("wagtailcore", "page")])
def test_a_bulk_action_on_keys_that_are_none_finds_nothing(
    admin_client: Client, query: dict[str, str], kind: tuple[str, str]
) -> None:
    url = reverse("wagtail_bulk_action", args=[*kind, "delete"])
    assert admin_client.get(url, query).status_code == 404


@pytest.fixture
def picture() -> Any:
    image = get_image_model().objects.create(
        title="Kaunter", file=SimpleUploadedFile("kaunter.png", PNG)
    )
    image.tags.add("pejabat")
    return image


@pytest.mark.parametrize(("tag", "found"), [("pejabat", True), ("lain", False), ("", True)])
def test_a_chooser_searches_in_the_images_of_a_tag(
    admin_client: Client, picture: Any, tag: str, found: bool
) -> None:
    url = reverse("wagtailimages_chooser:choose_results")
    response = admin_client.get(url, {"q": "Kaunter", "tag": tag})
    assert ("Kaunter" in response.content.decode().partition("<ul")[2]) is found


@pytest.mark.parametrize(("most", "found"), [("0", True), ("-1", False)])
def test_images_are_searched_and_filtered_by_usage(
    admin_client: Client, picture: Any, most: str, found: bool
) -> None:
    url = reverse("wagtailimages:index_results")
    response = admin_client.get(url, {"q": "Kaunter", "usage_count_max": most})
    assert response.status_code == 200
    assert (picture.pk in {image.pk for image in response.context["images"]}) is found


@pytest.mark.parametrize("parent", ['"', "-1", "NaN", ""])
def test_a_chooser_of_links_forgets_a_parent_that_is_none(
    admin_client: Client, home: HomePage, parent: str
) -> None:
    url = reverse("wagtailadmin_choose_page_phone_link")
    assert admin_client.get(url, {"parent_page_id": parent}).status_code == 200
    shown = admin_client.get(url, {"parent_page_id": home.pk}).content.decode()
    assert reverse("wagtailadmin_choose_page_child", args=[home.pk]) in shown


def test_a_form_without_a_field_that_it_needs_is_refused(
    admin_client: Client, home: HomePage
) -> None:
    page = StandardPageFactory(parent=home)
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert admin_client.post(url, b"{}", content_type="application/json").status_code == 400


def test_the_dialog_for_links_asks_for_the_address_that_was_not_sent(admin_client: Client) -> None:
    url = reverse("wagtailadmin_choose_page_external_link")
    answer = admin_client.post(url, b"{}", content_type="application/json")
    assert answer.status_code == 200
    assert answer.json()["step"] == "external_link"


def test_an_svg_whose_size_is_none_is_refused_in_the_form(admin_client: Client) -> None:
    name, content = FILES["SVG with sizes that are none"]
    form = {"title": "x", "file": SimpleUploadedFile(name, content), "collection": 1}
    response = admin_client.post(reverse("wagtailimages:add"), form)
    assert response.status_code == 200
    assert not get_image_model().objects.exists()


@pytest.mark.parametrize("parent", ['"', "", "-1", "9" * 20])
def test_a_copy_below_a_page_that_is_none_is_not_found(
    admin_client: Client, home: HomePage, parent: str
) -> None:
    page = StandardPageFactory(parent=home)
    url = reverse("wagtailadmin_pages:copy", args=[page.pk])
    form = {"new_title": "x", "new_slug": "x", "new_parent_page": parent}
    assert admin_client.post(url, form).status_code == 404
    assert admin_client.post(url, form | {"new_parent_page": home.pk}).status_code == 302
