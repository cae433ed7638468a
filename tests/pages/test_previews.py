"""The plain pages for projects without a front-end."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale
from wagtail.rich_text import RichText

from tests.factories import (
    ActFactory,
    HomePageFactory,
    OrganisationFactory,
    ProfilePageFactory,
    RoleFactory,
    SchemeFactory,
    SiteFactory,
    StandardPageFactory,
)
from tests.snippets.test_previews import language_of, preview

pytestmark = pytest.mark.django_db


def timeline(*events: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    return ("timeline", {"heading": "Sejarah", "anchor": "", "events": list(events)})


@pytest.mark.parametrize("language", ["ms", "en"])
@pytest.mark.parametrize("factory", [HomePageFactory, ProfilePageFactory, StandardPageFactory])
def test_every_page_has_a_preview_in_its_language(factory: Any, language: str) -> None:
    page = factory(locale=Locale.objects.get(language_code=language))
    shown = preview(page)
    assert shown.html["lang"] == language
    assert shown.h1.get_text() == page.title


def test_a_public_page_ignores_the_language_of_the_browser(
    admin_client: Client,
) -> None:
    SiteFactory()
    ProfilePageFactory(seo_title="Profil PERKESO", summary="Siapa kami")
    response = admin_client.get("/ms/profil/", headers={"accept-language": "en"})
    page = BeautifulSoup(response.content.decode(), "html.parser")
    assert page.html["lang"] == "ms"
    assert page.title.get_text() == "Profil PERKESO"
    assert page.find("meta", {"name": "description"})["content"] == "Siapa kami"


def test_anonymous_visitors_do_not_see_the_plain_page(
    client: Client, django_user_model: Any
) -> None:
    SiteFactory()
    ProfilePageFactory(seo_title="Profil PERKESO")
    login = f"{reverse('wagtailadmin_login')}?next=/ms/profil/"
    visitor = django_user_model.objects.create_user("pelawat", password="rahsia")
    for user in (None, visitor):
        if user:
            client.force_login(user)
        for method in (client.get, client.head, client.post):
            response = method("/ms/profil/")
            assert (response.status_code, response["Location"]) == (302, login)


@pytest.mark.parametrize(
    ("precision", "words", "machine"),
    [
        ("day", "1 Julai 1985", "1985-07-01"),
        ("month", "Julai 1985", "1985-07"),
        ("year", "1985", "1985"),
    ],
)
def test_a_date_is_shown_only_to_its_precision(precision: str, words: str, machine: str) -> None:
    event = {"date": datetime.date(1985, 7, 1), "precision": precision, "text": "Berubah"}
    time = preview(ProfilePageFactory(sections=[timeline(event)])).find("time")
    assert time.get_text() == words
    assert time["datetime"] == machine


def test_an_unknown_date_is_shown_as_unknown(english: Locale) -> None:
    event = {"date": None, "precision": "year", "text": "Founded"}
    page = preview(ProfilePageFactory(sections=[timeline(event)]))
    assert page.find("time") is None
    assert "Tidak diketahui" in page.find("li").get_text()
    page = preview(ProfilePageFactory(sections=[timeline(event)], locale=english))
    assert "Unknown" in page.find("li").get_text()


def test_every_section_is_shown_under_its_anchor() -> None:
    role, act, scheme = RoleFactory(), ActFactory(), SchemeFactory()
    page = preview(
        ProfilePageFactory(
            sections=[
                ("text", {"heading": "Latar", "anchor": "l", "body": RichText("<p>Teks</p>")}),
                ("statement", {"heading": "VISI", "kind": "vision", "text": "Peneraju"}),
                ("roles", {"heading": "Peranan", "roles": [role]}),
                ("acts", {"heading": "Akta", "acts": [act]}),
                ("schemes", {"heading": "Skim", "schemes": [scheme]}),
                ("contact", {"heading": "Hubungi", "organisation": OrganisationFactory()}),
            ]
        )
    )
    shown = {"l": "Teks", "visi": "Peneraju", "peranan": role.text, "akta": act.title}
    shown |= {"skim": scheme.title, "hubungi": "Jalan Ampang"}
    for anchor, words in shown.items():
        section = page.find(id=anchor)
        assert words in section.get_text()
        assert section.h2


def test_a_deleted_snippet_leaves_no_gap() -> None:
    act = ActFactory()
    page = ProfilePageFactory(sections=[("acts", {"heading": "Akta", "acts": [act]})])
    act.delete()
    page.refresh_from_db()
    assert preview(page).find(id="akta").find_all("li") == []


def test_texts_in_another_language_are_marked(english: Locale) -> None:
    sections = [("acts", {"heading": "Acts", "acts": [ActFactory()]})]
    page = preview(ProfilePageFactory(sections=sections, locale=english))
    assert language_of(page.find("li")) == "ms"
    assert language_of(page.h2) == "en"


@pytest.mark.parametrize("value", [True, False])
def test_a_working_translation_is_labelled(value: bool, english: Locale) -> None:
    page = ProfilePageFactory(working_translation=value, locale=english)
    assert ("not yet official" in preview(page).get_text()) is value


def test_an_editor_may_write_markup_as_text() -> None:
    event = {"date": None, "precision": "day", "text": "<script>alert(1)</script>"}
    page = preview(ProfilePageFactory(title="A & <b>B</b>", sections=[timeline(event)]))
    assert page.find("script") is None
    assert page.h1.get_text() == "A & <b>B</b>"
