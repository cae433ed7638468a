"""An organisation has an address of its own, also one from before there were any."""

from __future__ import annotations

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from wagtail.models import Locale, Revision
from wagtail_localize.models import TranslationSource

from cms.snippets.models import Organisation
from tests.factories import OrganisationFactory
from tests.snippets.translating import synchronise, translate
from wagtail_localize_desk.extending import translation_status
from wagtail_localize_desk.models import TranslationOrigin

pytestmark = pytest.mark.django_db

migration = import_module("cms.snippets.migrations.0002_slug_of_organisations")


def fill_slugs() -> None:
    """As `migrate` calls it, with the models as they are today."""
    migration.fill_slugs(apps, SimpleNamespace(connection=connection))


def forget_slugs() -> None:
    """The database as it was before organisations had slugs."""
    Organisation.objects.update(slug="")
    for revision in Revision.objects.for_instance(Organisation.objects.first()) | (
        Revision.objects.for_instance(Organisation.objects.last())
    ):
        del revision.content["slug"]
        revision.save()
    for source in TranslationSource.objects.all():
        source.content_json = source.content_json.replace('"slug": "perkeso"', '"old": ""')
        source.save()
    for origin in TranslationOrigin.objects.all():
        del origin.source_digests["slug"]
        origin.save()


def test_it_is_asked_for_by_its_short_name_in_every_language(
    client: Client, english: Locale
) -> None:
    organisation = OrganisationFactory()
    organisation.save_revision().publish()
    translate(organisation, english)
    for locale in ("ms", "en"):
        found = client.get("/api/v1/organisations/perkeso", {"locale": locale}).json()
        assert (found["id"], found["locale"]) == (str(organisation.translation_key), locale)
        assert found["slug"] == "perkeso"


def test_those_from_before_get_one_and_stay_as_they_are(english: Locale) -> None:
    organisation = OrganisationFactory()
    organisation.save_revision().publish()
    translated = translate(organisation, english)
    assert translated.short_name == "EN PERKESO"
    translated.motto = "Draft"
    translated.save_revision()
    before = translation_status(translated)
    assert before.status == "complete"
    forget_slugs()
    fill_slugs()
    assert set(Organisation.objects.values_list("slug", flat=True)) == {"perkeso"}
    translated.refresh_from_db()
    assert translation_status(translated) == before
    assert translated.get_latest_revision_as_object().slug == "perkeso"
    organisation.refresh_from_db()
    organisation.get_latest_revision().publish()
    organisation.refresh_from_db()
    assert organisation.slug == "perkeso"
    assert synchronise(organisation, english).slug == "perkeso"


def test_what_has_one_keeps_it() -> None:
    OrganisationFactory(slug="lain")
    fill_slugs()
    assert Organisation.objects.get().slug == "lain"
