"""Organisations have slugs in the API."""

from __future__ import annotations

import pytest
from django.test import Client
from wagtail.models import Locale

from tests.factories import OrganisationFactory
from tests.snippets.translating import translate

pytestmark = pytest.mark.django_db


def test_its_slug_is_its_short_name_in_every_language(client: Client, english: Locale) -> None:
    organisation = OrganisationFactory()
    organisation.save_revision().publish()
    translate(organisation, english)
    for locale in ("ms", "en"):
        found = client.get("/api/v1/organisations/perkeso", {"locale": locale}).json()
        assert (found["id"], found["locale"]) == (str(organisation.translation_key), locale)
        assert found["slug"] == "perkeso"
