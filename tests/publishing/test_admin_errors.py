"""The error that an editor sees if a document cannot be compiled, in the editor's language."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from wagtail.models import Site
from wagtail.users.models import UserProfile

from cms.snippets.models import Act
from tests.factories import (
    ActFactory,
    HomePageFactory,
    ProfilePageFactory,
    StandardPageFactory,
)
from tests.snippets.forms import submit
from wagtail_delivery.compiler import documents
from wagtail_delivery.extending import EncodingError, Location

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("language", "message"),
    [
        ("ms", "“Profil” memaparkan ini dan tidak dapat dikemas kini:"),
        ("en", "“Profil” shows this and could not be updated:"),
    ],
)
def test_whoever_deletes_an_act_is_told_which_page_cannot_follow(
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
    language: str,
    message: str,
) -> None:
    Site.objects.create(hostname="localhost", is_default_site=True, root_page=HomePageFactory())
    act = ActFactory(title="Akta")
    page = ProfilePageFactory(title="Profil")
    page.sections = [("acts", {"heading": "Akta", "anchor": "akta", "acts": [act]})]
    page.save_revision().publish()
    editor = get_user_model().objects.create_superuser("editor", "e@example.org", "x")
    UserProfile.objects.create(user=editor, preferred_language=language)
    client.force_login(editor)
    monkeypatch.setattr("wagtail_delivery.compiler.documents.page_meta", lambda *_: {}["seo"])

    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(reverse(Act.snippet_viewset.get_url_name("delete"), args=[act.pk]))

    assert response.status_code == 302
    warnings = [
        str(one) for one in get_messages(response.wsgi_request) if one.level_tag == "warning"
    ]
    assert [warning.startswith(message) for warning in warnings] == [True]
    assert not Act.objects.filter(pk=act.pk).exists()


@pytest.fixture
def faulty_page(client: Client, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Two drafts that an administrator did not write; the second cannot be compiled."""
    home = HomePageFactory()
    Site.objects.create(hostname="localhost", is_default_site=True, root_page=home)
    good, bad = (
        StandardPageFactory(parent=home, title=title, live=False) for title in ("Baik", "Rosak")
    )
    for page in (good, bad):
        page.save_revision()
    client.force_login(get_user_model().objects.create_superuser("editor", "e@example.org", "x"))
    page_meta = documents.page_meta

    def failing(page: Any, *args: Any, **kwargs: Any) -> Any:
        if getattr(page, "title", "") == "Rosak":
            raise EncodingError(Location(), "Sebabnya")
        return page_meta(page, *args, **kwargs)

    monkeypatch.setattr(documents, "page_meta", failing)
    return good, bad


def test_publishing_in_bulk_names_what_succeeded_and_what_failed(
    client: Client, faulty_page: Any
) -> None:
    good, bad = faulty_page
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    response = client.post(f"{address}?id={good.pk}&id={bad.pk}")
    [message] = get_messages(response.wsgi_request)
    assert message.tags.startswith("warning")
    assert "1 halaman telah diterbitkan: Baik." in str(message)
    assert "Rosak: Sebabnya" in str(message)
    for page, live in ((good, True), (bad, False)):
        page.refresh_from_db()
        assert page.live is live


def test_a_failed_publish_does_not_say_that_it_succeeded(client: Client, faulty_page: Any) -> None:
    _good, bad = faulty_page
    edit = reverse("wagtailadmin_pages:edit", args=[bad.pk])
    response = submit(client, edit, {"body-count": "0"}, "action-publish")
    assert response.status_code == 200
    assert "success" not in [message.level_tag for message in get_messages(response.wsgi_request)]
    bad.refresh_from_db()
    assert not bad.live
