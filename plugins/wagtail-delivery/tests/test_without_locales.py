"""A project without locales."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.conf import settings
from wagtail.models import Locale, Page

from tests import samples
from tests.json_schemas import definitions
from tests.stored import body_of
from tests.testapp import models as app

pytestmark = pytest.mark.django_db


def test_documents_have_no_translation_metadata() -> None:
    assert settings.WAGTAIL_I18N_ENABLED is False
    assert settings.USE_I18N is False
    assert not apps.is_installed("wagtail_localize")
    assert Locale.objects.count() == 1


@pytest.mark.parametrize("name", ["cms.pages", "cms.snippets", "wagtail_localize_desk"])
def test_perkesos_apps_are_not_installed(name: str) -> None:
    assert not apps.is_installed(name)


def test_paths_have_no_language_prefix(home: Page) -> None:
    page = samples.published(app.PlainPage(title="Page", slug="page"), home)
    body = body_of(page)
    assert body["path"] == "/page/"
    assert body["locale"] == "en"
    assert body["meta"]["alternates"] == [{"locale": "en", "path": "/page/"}]
    assert body["meta"]["translation"] == {
        "source_locale": "en",
        "status": "source",
        "untranslated": [],
        "languages": {},
        "stale": [],
    }


def test_untranslatable_content_has_no_locale() -> None:
    body = body_of(samples.plain_topic())
    assert body["locale"] is None
    assert "translation" not in body["meta"]
    assert "alternates" not in body["meta"]
    described = definitions()["PlainTopic"]["properties"]["locale"]["description"]
    assert described.startswith("Always null")
