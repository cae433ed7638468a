"""Odd queries of lists, choosers and bulk actions."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import BadRequest
from django.core.files.base import ContentFile
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import resolve, reverse
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Page

from cms.admin_input.text import CleanTextMiddleware
from cms.pages.models import HomePage
from tests.factories import (
    ActFactory,
    HomePageFactory,
    OrganisationFactory,
    SchemeFactory,
    StandardPageFactory,
)
from tests.snippets.forms import submit

pytestmark = pytest.mark.django_db

BEYOND = "9" * 20


def picture(title: str) -> Any:
    return get_image_model().objects.create(title=title, file=get_test_image_file())


def document(title: str) -> Any:
    file = ContentFile(b"x", name="borang.pdf")
    return get_document_model().objects.create(title=title, file=file)


@pytest.fixture
def home() -> HomePage:
    return HomePageFactory()


@pytest.mark.parametrize("words", ['"', '"Keselamatan Sosial"', 'Sosial"', '50% "', "O'Brien", "'"])
@pytest.mark.parametrize(
    "name",
    [
        "wagtailadmin_pages:search",
        "wagtailimages:index",
        "wagtaildocs:index",
        "wagtailsnippets_snippets_act:list",
    ],
)
def test_a_search_may_hold_quotation_marks(admin_client: Client, name: str, words: str) -> None:
    assert admin_client.get(reverse(name), {"q": words}).status_code == 200


@pytest.mark.parametrize("words", ["Keselamatan", '"Keselamatan Sosial"', 'Keselamatan "Sosial'])
def test_a_search_in_quotation_marks_finds_the_words(admin_client: Client, words: str) -> None:
    ActFactory(title="Akta Keselamatan Sosial Pekerja 1969")
    ActFactory(title="Akta Sistem Insurans Pekerjaan 2017")
    answer = admin_client.get(reverse("wagtailsnippets_snippets_act:list"), {"q": words})
    assert "Akta Keselamatan Sosial Pekerja 1969" in answer.content.decode()
    assert "Akta Sistem Insurans" not in answer.content.decode()


def test_a_search_keeps_the_order_of_a_related_field(admin_client: Client) -> None:
    for number, name in (("800", "Skim pertama"), ("4", "Skim kedua"), ("789", "Skim ketiga")):
        SchemeFactory(title=name, act=ActFactory(number=number))
    SchemeFactory(title="Faedah hilang upaya", act=ActFactory(number="1"))
    url = reverse("wagtailsnippets_snippets_scheme:list")
    text = admin_client.get(url, {"q": "skim", "ordering": "act__number"}).content.decode()
    places = [text.index(f"Skim {name}") for name in ("kedua", "ketiga", "pertama")]
    assert places == sorted(places)
    assert "Faedah hilang upaya" not in text


def test_a_chooser_keeps_the_order_of_images_of_one_tag(admin_client: Client) -> None:
    for number in range(3):
        picture(f"Kaunter {number}").tags.add("kaunter")
    answer = admin_client.get(
        reverse("wagtailimages_chooser:choose"), {"q": "ka", "tag": "kaunter"}
    )
    assert [image.title for image in answer.context["results"]] == [
        "Kaunter 2",
        "Kaunter 1",
        "Kaunter 0",
    ]


@pytest.mark.parametrize("name", ["", '"', "x", "cms.None", "pages.StandardPage"])
def test_a_type_of_task_that_is_none_does_not_exist(admin_client: Client, name: str) -> None:
    for view in ("task_chooser", "task_chooser_create"):
        answer = admin_client.get(reverse(f"wagtailadmin_workflows:{view}"), {"create_model": name})
        assert answer.status_code == 404, view


@pytest.mark.parametrize("kind", ["image", "document"])
def test_a_tag_that_is_too_long_is_refused_for_many_files(admin_client: Client, kind: str) -> None:
    make = picture if kind == "image" else document
    files = [make("Satu"), make("Dua")]
    names = {"image": "wagtailimages", "document": "wagtaildocs"}
    url = reverse("wagtail_bulk_action", args=[names[kind], kind, "add_tags"])
    query = "?" + "&".join(f"id={file.pk}" for file in files)
    answer = admin_client.post(url + query, {"tags": f"kaunter, {'x' * 101}"})
    assert answer.status_code == 200
    assert "100" in answer.content.decode()
    assert not files[0].tags.exists()
    assert admin_client.post(url + query, {"tags": "kaunter"}).status_code == 302
    assert [str(tag) for tag in files[1].tags.all()] == ["kaunter"]


@pytest.mark.parametrize("key", ['"', "x", "", "1.5", "NaN"])
def test_a_chosen_key_that_is_no_number_is_nothing(admin_client: Client, key: str) -> None:
    url = reverse("wagtailimages_chooser:chosen_multiple")
    assert admin_client.get(url, {"id": key}).status_code == 404
    pages = admin_client.get(reverse("wagtailadmin_choose_page_chosen_multiple"), {"id": key})
    assert pages.json()["result"] == []


def test_no_row_has_a_key_beyond_the_range(home: HomePage) -> None:
    assert [*Page.objects.filter(pk__in=[home.pk, int(BEYOND), -int(BEYOND)])] == [home.page_ptr]
    assert not Page.objects.filter(pk__in=[int(BEYOND)]).exists()
    assert Page.objects.exclude(pk__in=[int(BEYOND)]).filter(pk=home.pk).exists()


@pytest.mark.parametrize(
    ("ends", "found"),
    [((0, BEYOND), True), ((f"-{BEYOND}", 0), False), ((BEYOND, BEYOND), False)],
)
def test_a_range_may_end_beyond_the_range_of_keys(
    home: HomePage, ends: tuple[str, str], found: bool
) -> None:
    assert Page.objects.filter(pk__range=ends, depth__gt=1).exists() is found


@pytest.mark.parametrize("name", ["wagtailimages:index", "wagtaildocs:index_results"])
def test_a_list_is_filtered_by_a_number_of_uses_beyond_all(admin_client: Client, name: str) -> None:
    uses = {"q": "x", "usage_count_min": BEYOND, "usage_count_max": BEYOND}
    assert admin_client.get(reverse(name), uses).status_code == 200


@pytest.mark.parametrize("value", ['"', "x", "NaN", "1.5", "O'Brien; --", "x" * 300])
@pytest.mark.parametrize(
    ("name", "parameter"),
    [
        ("wagtailadmin_api:images:find", "id"),
        ("wagtailadmin_api:documents:find", "id"),
        ("wagtailadmin_api:pages:find", "id"),
        ("wagtailadmin_choose_page", "target_pages[]"),
    ],
)
def test_text_in_the_place_of_a_number_is_refused(
    admin_client: Client, home: HomePage, name: str, parameter: str, value: str
) -> None:
    assert admin_client.get(reverse(name), {parameter: value}).status_code == 400


def test_a_fault_in_what_nobody_sent_stays_a_server_error(rf: RequestFactory) -> None:
    def refused(sent: str, fault: str) -> bool:
        request = rf.get("/admin/", {"p": sent})
        request.resolver_match = resolve("/admin/")
        try:
            CleanTextMiddleware(lambda request: HttpResponse()).process_exception(
                request, ValueError(fault)
            )
        except BadRequest:
            return True
        return False

    no_number = "invalid literal for int() with base 10: 'x'"
    assert refused("x", no_number)
    assert refused("1,x", no_number)
    assert not refused("y", no_number)
    assert not refused("x", "x")


@pytest.mark.parametrize("next_url", ['"', "x", "NaN"])
def test_a_next_that_is_no_address_is_ignored(
    admin_client: Client, home: HomePage, next_url: str
) -> None:
    page = StandardPageFactory(parent=home)
    answer = admin_client.post(
        reverse("wagtailadmin_pages:delete", args=[page.pk]), {"next": next_url}
    )
    assert answer.url == reverse("wagtailadmin_explore", args=[home.pk])
    answer = admin_client.get(reverse("wagtailadmin_login"), {"next": next_url})
    assert answer.url == reverse("wagtailadmin_home")


@pytest.mark.parametrize("next_url", ["//example.test/", "https://example.test", "\\\\x.test"])
def test_a_next_leads_to_no_other_server(admin_client: Client, next_url: str) -> None:
    answer = admin_client.get(reverse("wagtailadmin_login"), {"next": next_url})
    assert answer.url == reverse("wagtailadmin_home")


def test_a_page_is_deleted_together_with_one_below_it(admin_client: Client, home: HomePage) -> None:
    parent = StandardPageFactory(parent=home)
    child = StandardPageFactory(parent=parent)
    other = StandardPageFactory(parent=home)
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])
    query = f"?id={parent.pk}&id={child.pk}&id={other.pk}"
    assert admin_client.post(url + query).status_code == 302
    assert not Page.objects.filter(pk__in=[parent.pk, child.pk, other.pk]).exists()


@pytest.mark.parametrize("number", ['"', "0", "-1", BEYOND, "NaN"])
def test_a_workflow_has_a_list_for_every_page_number(
    admin_client: Client, number: str, a_workflow: Any
) -> None:
    url = reverse("wagtailadmin_workflows:edit", args=[a_workflow.pk])
    assert admin_client.get(url, {"p": number}).status_code == 200


def test_a_hidden_key_that_is_none_is_refused(admin_client: Client, a_workflow: Any) -> None:
    url = reverse("wagtailadmin_workflows:edit", args=[a_workflow.pk])
    form = {"workflow_tasks-TOTAL_FORMS": "1", "workflow_tasks-INITIAL_FORMS": "1"}
    assert admin_client.post(url, form | {"workflow_tasks-0-id": '"'}).status_code == 400
    assert admin_client.post(url, form).status_code == 400


@pytest.fixture
def a_workflow() -> Any:
    from wagtail.models import Workflow

    return Workflow.objects.create(name="Semakan")


def test_an_old_version_is_saved_as_an_unfinished_draft(admin_client: Client) -> None:
    entry = OrganisationFactory(live=False)
    old = entry.save_revision()
    entry.save_revision()
    url = reverse("wagtailsnippets_snippets_organisation:revisions_revert", args=[entry.pk, old.pk])
    assert submit(admin_client, url, {"short_name": ""}).status_code == 302
    entry.refresh_from_db()
    assert entry.get_latest_revision_as_object().short_name == ""
    answer = submit(admin_client, url, {"short_name": ""}, "action-publish")
    assert answer.status_code == 200
    entry.refresh_from_db()
    assert not entry.live
