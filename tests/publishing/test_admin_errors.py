"""The error that an editor sees if a document cannot be compiled, in the editor's language."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from wagtail.models import Site
from wagtail.users.models import UserProfile

from cms.snippets.models import Act
from tests.factories import ActFactory, HomePageFactory, ProfilePageFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("language", "message"),
    [
        ("ms", "Perubahan tidak disimpan: laman web tidak akan dapat memaparkan “Profil”."),
        ("en", "Nothing was saved: the website could not show “Profil” then."),
    ],
)
def test_deleting_an_act_fails_if_a_page_that_shows_it_cannot_be_compiled(
    client: Client, monkeypatch: pytest.MonkeyPatch, language: str, message: str
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

    response = client.post(reverse(Act.snippet_viewset.get_url_name("delete"), args=[act.pk]))

    assert response.status_code == 302
    [error] = get_messages(response.wsgi_request)
    assert message in str(error)
    assert Act.objects.filter(pk=act.pk).exists()
