"""Errors in forms: the editor sees why a document cannot be compiled, and nothing is saved."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from tests import samples
from tests.samples import published, reloaded
from tests.stored import document_of
from tests.test_atomicity import whole_state
from tests.testapp import models as app

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(get_user_model().objects.create_superuser("editor", "e@example.org", "x"))
    client.raise_request_exception = False
    return client


@pytest.fixture
def plain() -> app.PlainTopic:
    return samples.plain_topic("Known")


@pytest.fixture
def page(home: Page, plain: app.PlainTopic) -> app.EventPage:
    """A page that shows `plain`, and whose own document no longer compiles."""
    page = published(app.EventPage(title="Event", slug="event", type="talk", topic=plain), home)
    app.EventPage.objects.filter(pk=page.pk).update(type="gone")
    return page


#: Tables that merely opening the admin writes to.
ADMIN_TABLES = (
    "sessions.Session",
    "auth.User",
    "wagtailcore.PageSubscription",
    "wagtailadmin.EditingSession",
    "wagtailimages.Rendition",
)


def state() -> dict[str, Any]:
    """All rows, except those of `ADMIN_TABLES`."""
    kept = whole_state()
    for name in ADMIN_TABLES:
        kept.pop(name, None)
    return kept


def messages_in(response: Any) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def event_form(**changed: Any) -> dict[str, Any]:
    fields = {
        "title": "Words of an hour",
        "slug": "event",
        "type": "talk",
        "summary": "S",
        "tags": "a",
        "sessions": inline_formset([{"name": "New", "speakers": inline_formset([])}]),
        "comments": inline_formset([]),
    }
    return nested_form_data(fields | changed) | {"action-publish": "1"}


@pytest.fixture
def broken_code(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a property of the project raise."""

    def fail(self: Any) -> int:
        raise LookupError("no <neighbour>")

    monkeypatch.setattr(app.EventPage, "siblings_count", property(fail))


def test_a_page_form_keeps_the_input(editor: Client, home: Page, broken_code: None) -> None:
    page = app.EventPage(title="Event", slug="event", type="talk", live=False)
    home.add_child(instance=page)
    page.save_revision()
    before = state()
    response = editor.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), event_form())
    assert response.status_code == 200
    text = response.content.decode()
    assert "Nothing was saved: the website could not show “Words of an hour” then." in text
    assert "siblings_count: LookupError: no &lt;neighbour&gt;" in text
    assert 'value="Words of an hour"' in text
    assert 'value="New"' in text
    assert state() == before


def test_the_form_of_a_new_page_keeps_the_input(
    editor: Client, home: Page, broken_code: None
) -> None:
    before = state()
    address = reverse("wagtailadmin_pages:add", args=["testapp", "eventpage", home.pk])
    response = editor.post(address, event_form())
    assert response.status_code == 200
    text = response.content.decode()
    assert "Nothing was saved" in text
    assert 'value="Words of an hour"' in text
    assert state() == before
    # Saving a draft works: it has no document.
    drafted = event_form()
    del drafted["action-publish"]
    assert editor.post(address, drafted).status_code == 302
    assert document_of(app.EventPage.objects.get()) is None


@pytest.fixture
def broken_snippets(monkeypatch: pytest.MonkeyPatch) -> None:
    """No document of a snippet can be compiled."""
    monkeypatch.setattr("wagtail_delivery.compiler.documents.snippet_meta", lambda *_: 1 / 0)


def test_a_snippet_form_keeps_the_input(
    editor: Client, plain: app.PlainTopic, broken_snippets: None
) -> None:
    before = state()
    address = reverse("wagtailsnippets_testapp_plaintopic:edit", args=[plain.pk])
    response = editor.post(address, {"title": "New words", "slug": "plain", "weight": "3"})
    assert response.status_code == 200
    assert "could not show “New words” then" in response.content.decode()
    assert 'value="New words"' in response.content.decode()
    assert state() == before


def test_a_snippet_is_saved_although_a_page_that_shows_it_cannot_follow(
    editor: Client, page: app.EventPage, plain: app.PlainTopic
) -> None:
    address = reverse("wagtailsnippets_testapp_plaintopic:edit", args=[plain.pk])
    response = editor.post(address, {"title": "Changed", "slug": "plain", "weight": "3"})
    assert response.status_code == 302
    assert reloaded(plain).title == "Changed"
    told = messages_in(response)
    assert "“Event” shows this and could not be updated: " in told
    assert "“gone” is not one of" in told


def test_the_form_of_a_new_snippet_keeps_the_input(editor: Client, broken_snippets: None) -> None:
    before = state()
    response = editor.post(
        reverse("wagtailsnippets_testapp_drafttopic:add"),
        {"title": "New words", "text": "null", "action-publish": "1"},
    )
    assert response.status_code == 200
    assert "could not show “New words” then" in response.content.decode()
    assert 'value="New words"' in response.content.decode()
    assert state() == before


def test_an_image_is_replaced_although_a_page_that_shows_it_cannot_follow(
    editor: Client, home: Page, page: app.EventPage
) -> None:
    image = samples.an_image()
    assert image.get_file_size()
    app.EventPage.objects.filter(pk=page.pk).update(type="talk")
    page = reloaded(page)
    page.image = image
    page.save_revision().publish()
    app.EventPage.objects.filter(pk=page.pk).update(type="gone")
    file = get_test_image_file(size=(12, 12)).file.getvalue()
    response = editor.post(
        reverse("wagtailimages:edit", args=[image.pk]),
        {
            "title": "New title",
            "collection": image.collection_id,
            "tags": "",
            "file": SimpleUploadedFile("other.png", file, "image/png"),
        },
    )
    assert response.status_code == 302
    assert reloaded(image).title == "New title"
    assert "“Event” shows this and could not be updated: " in messages_in(response)


@pytest.fixture
def move(home: Page, page: app.EventPage) -> str:
    """The address at which `page` is moved below another page."""
    other = published(app.PlainPage(title="Other", slug="other"), home)
    return reverse("wagtailadmin_pages:move_confirm", args=[page.pk, other.pk])


@pytest.mark.parametrize("wanted", ["page", "json"])
def test_a_view_without_a_form_shows_the_error_and_redirects_back(
    editor: Client, page: app.EventPage, move: str, wanted: str
) -> None:
    headers = {"referer": f"http://testserver{move}"}
    if wanted == "json":
        headers["x-requested-with"] = "XMLHttpRequest"
    before = state()
    response = editor.post(move, headers=headers)
    if wanted == "json":
        assert response.status_code == 409
        assert "could not show “Event” then" in response.json()["error_message"]
    else:
        assert response.status_code == 302
        assert response["Location"] == headers["referer"]
        assert "could not show “Event” then" in messages_in(response)
        assert reverse("wagtailadmin_pages:edit", args=[page.pk]) in messages_in(response)
    assert state() == before


@pytest.mark.parametrize("referer", ["https://elsewhere.example/", ""])
def test_the_redirect_never_leaves_the_site(editor: Client, move: str, referer: str) -> None:
    response = editor.post(move, headers={"referer": referer})
    assert response["Location"] == reverse("wagtailadmin_home")
