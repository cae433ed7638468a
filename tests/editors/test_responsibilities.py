"""What not everybody can do alone: it is where one looks for it, and says whom to ask."""

from __future__ import annotations

from functools import partial
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Locale
from wagtail_localize.models import Translation, TranslationSource

from cms.editors.groups import ensure_groups
from cms.editors.responsibilities.views import TASKS
from cms.pages.models import HomePage
from cms.snippets.models import NavigationItem, Organisation
from tests.factories import (
    OrganisationFactory,
    StandardPageFactory,
    bilingual_home,
)
from tests.members import ADMINISTRATOR, OFFICER, PUBLISHER, TRANSLATOR, browser_of

pytestmark = pytest.mark.django_db

member = partial(browser_of, language="en")
MENU, REDIRECTS, PUBLISHING = (reverse(task.url_name) for task in TASKS)


@pytest.fixture
def home(malay: Locale, english: Locale) -> HomePage:
    ensure_groups()
    return bilingual_home(malay, english)


@pytest.fixture
def organisation(home: HomePage, malay: Locale) -> Organisation:
    """Public, with a link to a public page and one to another site."""
    page = StandardPageFactory(parent=home, locale=malay, title="Profil kami")
    links = [{"page": page}, {"label": "Portal", "url": "https://portal.example/"}]
    found = OrganisationFactory(locale=malay, navigation=links)
    found.save_revision().publish()
    return Organisation.objects.get(pk=found.pk)


def page_at(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, response
    return unescape(response.content.decode())


def menu_of(client: Client) -> str:
    return client.get(reverse("wagtailadmin_home")).content.decode()


def test_the_menu_leads_publishers_straight_to_the_navigation_of_their_language(
    organisation: Organisation, english: Locale
) -> None:
    other = OrganisationFactory(locale=english, name="Social Security Organisation")
    for language, expected in (("ms", organisation), ("en", other)):
        client = member(PUBLISHER, f"penerbit-{language}", language=language)
        assert f'"url": "{MENU}"' in menu_of(client)
        response = client.get(MENU)
        edit = reverse(expected.snippet_viewset.get_url_name("edit"), args=[expected.pk])
        assert response.url == f"{edit}#:w:contentpath=navigation"
        assert 'data-contentpath="navigation"' in page_at(client, edit)


def test_the_menu_of_a_translation_is_that_of_its_source(
    organisation: Organisation, english: Locale
) -> None:
    """The editor of a translation has its strings only."""
    source, _created = TranslationSource.get_or_create_from_instance(organisation)
    Translation.objects.create(source=source, target_locale=english).save_target(publish=False)
    edit = reverse(organisation.snippet_viewset.get_url_name("edit"), args=[organisation.pk])
    response = member(PUBLISHER, "penerbit").get(MENU)
    assert response.url == f"{edit}#:w:contentpath=navigation"


def test_a_publisher_changes_the_menu(organisation: Organisation) -> None:
    client = member(PUBLISHER, "penerbit")
    assert client.get(MENU).status_code == 302
    organisation.navigation.add(NavigationItem(label="Baharu", url="https://baharu.example/"))
    organisation.save_revision(user=User.objects.create_user("rakan")).publish(
        user=User.objects.get(username="penerbit")
    )
    assert "Baharu" in page_at(member(OFFICER, "pegawai"), MENU)


def test_without_an_organisation_publishers_are_led_to_the_form_for_one(home: HomePage) -> None:
    add = reverse(Organisation.snippet_viewset.get_url_name("add"))
    assert member(PUBLISHER, "penerbit").get(MENU).url == add
    text = page_at(member(OFFICER, "pegawai"), MENU)
    assert "There is nothing yet." in text


def test_officers_find_the_menu_in_the_same_place_with_what_it_holds_and_whom_to_ask(
    organisation: Organisation,
) -> None:
    member(PUBLISHER, "penerbit", first_name="Siti", last_name="Aminah")
    member(PUBLISHER, "dahulu", first_name="Bekas", is_active=False)
    member(TRANSLATOR, "penterjemah", first_name="Chong")
    client = member(OFFICER, "pegawai", first_name="Ali")
    assert f'"url": "{MENU}"' in menu_of(client)
    text = page_at(client, MENU)
    assert "Portal → https://portal.example/" in text
    assert "Profil kami" in text
    assert 'Siti Aminah: <a href="mailto:penerbit@example.test">' in text
    assert "Write a draft" in text
    for name in ("Bekas", "Chong", "Ali:"):
        assert name not in text


def test_what_the_public_menu_does_not_have_is_not_named(
    organisation: Organisation, home: HomePage, malay: Locale
) -> None:
    page = StandardPageFactory(parent=home, locale=malay, title="Sulit", live=False)
    hidden = StandardPageFactory(parent=home, locale=malay, title="Peribadi")
    hidden.view_restrictions.create(restriction_type="login")
    for target in (page, hidden):
        organisation.navigation.add(NavigationItem(page=target, locale=malay))
    organisation.save_revision().publish()
    organisation.navigation.add(NavigationItem(label="Cadangan", url="https://x.example/"))
    organisation.save_revision()
    text = page_at(member(TRANSLATOR, "penterjemah"), MENU)
    assert "Portal" in text
    assert "Write a draft" not in text
    for secret in ("Sulit", "Peribadi", "Cadangan"):
        assert secret not in text


def test_a_menu_that_is_not_public_is_not_named(organisation: Organisation) -> None:
    organisation.unpublish()
    text = page_at(member(TRANSLATOR, "penterjemah"), MENU)
    assert "Portal" not in text
    assert "There is nothing yet." in text


def test_redirects_are_named_to_officers_with_whom_to_ask(home: HomePage, malay: Locale) -> None:
    draft = StandardPageFactory(parent=home, locale=malay, title="Sulit", live=False)
    Redirect.objects.create(old_path="/lama", redirect_page=home)
    Redirect.objects.create(old_path="/luar", redirect_link="https://luar.example/")
    Redirect.objects.create(old_path="/draf-sulit", redirect_page=draft)
    member(PUBLISHER, "penerbit", first_name="Siti")
    client = member(TRANSLATOR, "penterjemah")
    assert f'"url": "{REDIRECTS}"' in menu_of(client)
    text = page_at(client, REDIRECTS)
    assert "/lama → PERKESO" in text
    assert "/luar → https://luar.example/" in text
    assert "Sulit" not in text
    assert "/draf-sulit" not in text
    assert "Siti" in text


def test_publishers_have_wagtails_own_entry_for_redirects(home: HomePage) -> None:
    client = member(PUBLISHER, "penerbit")
    index = reverse("wagtailredirects:index")
    text = menu_of(client)
    assert f'"url": "{index}"' in text
    assert f'"url": "{REDIRECTS}"' not in text
    assert client.get(REDIRECTS).url == index


def test_everybody_who_needs_a_second_person_finds_whom_to_ask(home: HomePage) -> None:
    member(PUBLISHER, "penerbit", first_name="Siti")
    publisher = member(PUBLISHER, "saya", first_name="Rahman")
    for client in (publisher, member(OFFICER, "pegawai")):
        assert f'"url": "{PUBLISHING}"' in menu_of(client)
        assert "Siti" in page_at(client, PUBLISHING)
    assert "Rahman" not in page_at(publisher, PUBLISHING).split("<main")[1]
    administrator = member(ADMINISTRATOR, "pentadbir")
    assert f'"url": "{PUBLISHING}"' not in menu_of(administrator)


def test_where_the_button_is_withheld_it_says_where_to_find_them(
    home: HomePage, malay: Locale
) -> None:
    member(PUBLISHER, "penerbit", first_name="Siti")
    client = member(PUBLISHER, "saya")
    page = StandardPageFactory(parent=home, locale=malay, live=False)
    page.save_revision(user=User.objects.get(username="saya"))
    text = page_at(client, reverse("wagtailadmin_pages:edit", args=[page.pk]))
    assert "Publish: needs a second person" in text
    assert "Siti" in text
    assert f'href="{PUBLISHING}"' in text


def test_if_nobody_has_the_right_it_says_so(home: HomePage) -> None:
    text = page_at(member(OFFICER, "pegawai"), REDIRECTS)
    assert "Nobody has this right at present." in text


@pytest.mark.parametrize("address", [MENU, REDIRECTS, PUBLISHING])
def test_names_are_for_those_in_the_admin(home: HomePage, address: str) -> None:
    member(PUBLISHER, "penerbit", first_name="Siti")
    User.objects.create_user("orang")
    stranger = Client()
    for _round in range(2):
        response = stranger.get(address)
        assert response.status_code in {302, 403}
        assert "Siti" not in response.content.decode()
        stranger.force_login(User.objects.get(username="orang"))


def test_the_number_of_queries_does_not_depend_on_how_much_there_is(
    organisation: Organisation, home: HomePage, malay: Locale, django_assert_max_num_queries: Any
) -> None:
    client = member(TRANSLATOR, "penterjemah")
    for address in (MENU, REDIRECTS):
        client.get(address)
        with django_assert_max_num_queries(100) as before:
            client.get(address)
        for number in range(8):
            page = StandardPageFactory(parent=home, locale=malay)
            organisation.navigation.add(NavigationItem(page=page, locale=malay))
            Redirect.objects.create(old_path=f"{address}{number}", redirect_page=page)
            member(PUBLISHER, f"penerbit{address}{number}".replace("/", "-"))
        organisation.save_revision().publish()
        with django_assert_max_num_queries(len(before)):
            client.get(address)
