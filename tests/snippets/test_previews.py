"""The plain previews: in the language of the content, with unknown facts marked as such."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation
from wagtail.models import Locale

from tests.factories import (
    ActFactory,
    OrganisationFactory,
    ProfilePageFactory,
    RegulationFactory,
    RoleFactory,
    SiteFactory,
    factory_for,
)
from tests.snippets.test_lists import SNIPPETS

pytestmark = pytest.mark.django_db


def preview(content: Any) -> BeautifulSoup:
    """The preview of content for an editor whose admin is in the other language."""
    with translation.override("en" if content.locale.language_code == "ms" else "ms"):
        response = content.make_preview_request(RequestFactory().get("/"))
    assert response.status_code == 200
    return BeautifulSoup(response.content.decode(), "html.parser")


def language_of(element: Any) -> str:
    """The language of an element according to its nearest `lang` attribute."""
    return next(parent["lang"] for parent in (element, *element.parents) if parent.get("lang"))


@pytest.mark.parametrize("language", ["ms", "en"])
@pytest.mark.parametrize("model", SNIPPETS, ids=lambda model: model.__name__)
def test_every_snippet_has_a_preview_in_its_language(model: Any, language: str) -> None:
    snippet = factory_for(model)(locale=Locale.objects.get(language_code=language))
    page = preview(snippet)
    assert page.html["lang"] == language
    assert str(snippet).rstrip("…")[:40] in page.get_text()


@pytest.mark.parametrize("model", SNIPPETS, ids=lambda model: model.__name__)
def test_an_empty_form_can_be_previewed(admin: Client, model: Any) -> None:
    address = reverse(model.snippet_viewset.get_url_name("preview_on_add"))
    assert admin.post(address, {"slug": ""}).status_code == 200
    assert admin.get(address).status_code == 200


@pytest.mark.parametrize(("language", "word"), [("ms", "Tidak diketahui"), ("en", "Unknown")])
def test_unknown_facts_of_an_act_are_shown_as_unknown(language: str, word: str) -> None:
    page = preview(ActFactory(locale=Locale.objects.get(language_code=language)))
    facts = {
        term.get_text(): term.find_next_sibling("dd").get_text() for term in page.find_all("dt")
    }
    unknown = [term for term, value in facts.items() if value == word]
    # Status, language, three dates, source and the day it was checked.
    assert len(unknown) == 7
    assert "None" not in page.get_text()


def test_known_dates_are_written_in_the_language_of_the_act(english: Locale) -> None:
    date = datetime.date(1969, 4, 2)
    assert "2 April 1969" in preview(ActFactory(assent_date=date, locale=english)).get_text()
    date = datetime.date(2017, 6, 1)
    assert "1 Jun 2017" in preview(ActFactory(in_force_date=date)).get_text()


def test_an_unknown_gazette_number_is_shown_as_unknown() -> None:
    term = preview(RegulationFactory()).find("dt", string="Nombor warta")
    assert term.find_next_sibling("dd").get_text() == "Tidak diketahui"


def test_labels_without_a_translation_are_marked_with_their_language() -> None:
    """Labels around Tamil content are in Malay, because there is no Tamil catalogue."""
    page = preview(ActFactory(locale=Locale.objects.create(language_code="ta")))
    assert page.html["lang"] == "ta"
    assert language_of(page.h1) == "ta"
    term = page.find("dt", string="Perkenan Diraja")
    assert language_of(term) == "ms"
    assert language_of(term.find_next_sibling("dd").span) == "ms"


def test_untranslated_references_keep_their_language(english: Locale) -> None:
    role = RoleFactory(acts=[ActFactory(title="Akta Melayu")], locale=english)
    assert language_of(preview(role).find("li")) == "ms"


def test_email_addresses_are_obfuscated() -> None:
    SiteFactory()
    response = OrganisationFactory(email="maklumat@contoh.test").make_preview_request()
    assert b"maklumat@contoh.test" not in response.content
    text = BeautifulSoup(response.content.decode(), "html.parser").address.get_text()
    assert "maklumat (@) contoh.test" in " ".join(text.split())


def test_a_link_without_a_label_gets_the_title_and_language_of_its_page(english: Locale) -> None:
    SiteFactory()
    page = ProfilePageFactory(title="Profil kami")
    organisation = OrganisationFactory(locale=english, navigation=[{"page": page}])
    link = preview(organisation).find("a", string="Profil kami")
    assert link["href"] == "/ms/profil/"
    assert language_of(link) == "ms"


@pytest.mark.parametrize("value", [True, False])
def test_a_working_translation_is_labelled(value: bool, english: Locale) -> None:
    text = preview(ActFactory(working_translation=value, locale=english)).get_text()
    assert ("not yet official" in text) is value
