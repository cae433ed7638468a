"""Whoever takes an Act off the site, now or by a schedule, is told how texts will then read."""

from __future__ import annotations

import json
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group, Permission, User
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import GroupPagePermission, Locale
from wagtail.users.models import UserProfile

from cms.pages.models import HomePage
from cms.snippets.act_reference import citations as citations_module
from cms.snippets.act_reference.citations import citations
from cms.snippets.models import Act, RoleAct
from tests.factories import (
    ActFactory,
    HomePageFactory,
    ProfilePageFactory,
    RegulationFactory,
    RoleFactory,
    SchemeFactory,
    SiteFactory,
)
from tests.snippets.forms import submit
from tests.snippets.test_act_reference import reference, translated


@pytest.fixture
def act(malay: Locale) -> Act:
    return ActFactory(locale=malay, title="Akta Keselamatan Sosial Pekerja 1969")


@pytest.fixture
def home(act: Act, malay: Locale) -> HomePage:
    """A published page with two sentences, of which one refers to the Act."""
    other = ActFactory(locale=malay, title="Akta Lain")
    intro = (
        f"<p>Kami membantu pekerja. Di bawah {reference(act, 'Akta 4 &amp; lagi')} dan "
        f"{reference(other)}, iaitu No. 4, caruman wajib. Selesai.</p><ul><li>Lagi</li></ul>"
    )
    return HomePageFactory(locale=malay, title="Utama", intro=intro)


def add_citing_pages(number: int, act: Act, home: HomePage) -> None:
    for _ in range(number):
        introduction = f"<p>Lihat {reference(act)}</p>"
        ProfilePageFactory(parent=home, slug=uuid4().hex, introduction=introduction)


def sentences(acts: list[Act], user: Any) -> list[str]:
    return [sentence for found in citations(acts, user).listed for sentence in found.sentences]


@pytest.fixture
def superuser(db: None) -> User:
    return User.objects.create_superuser("ketua", "ketua@example.test", "rahsia")


SENTENCE = "Di bawah <mark>Akta 4 &amp; lagi</mark> dan Akta Lain, iaitu No. 4, caruman wajib."


def test_the_sentence_is_shown_as_it_will_read(act: Act, home: HomePage, superuser: User) -> None:
    found = citations([act], superuser)
    assert [citation.text for citation in found.listed] == [home]
    assert found.listed[0].edit_url == reverse("wagtailadmin_pages:edit", args=[home.pk])
    assert found.listed[0].sentences == [SENTENCE]
    assert found.others == 0


def test_the_sentence_is_what_readers_get(act: Act, home: HomePage, superuser: User) -> None:
    SiteFactory(root_page=home)
    [foreseen] = sentences([act], superuser)
    act.unpublish()
    home.refresh_from_db()
    body = Client().get(f"/api/v1/pages/{home.translation_key}", {"locale": "ms"}).json()
    assert BeautifulSoup(foreseen, "html.parser").get_text() in body["intro"]["text"]


def test_sentences_within_sections_are_found(act: Act, malay: Locale, superuser: User) -> None:
    text = {"heading": "A", "body": f"<p>Lihat {reference(act)}.</p>"}
    page = ProfilePageFactory(locale=malay)
    page.sections = page.sections.stream_block.to_python(
        [{"type": "text", "id": str(uuid4()), "value": text}]
    )
    page.save()
    assert sentences([act], superuser) == ["Lihat <mark>akta itu</mark>."]


def test_another_language_takes_the_place_of_the_title(
    act: Act, home: HomePage, english: Locale, superuser: User
) -> None:
    english_act = translated(act, english, "Social Security Act")
    shown = SENTENCE.replace("Akta 4 &amp; lagi", "Social Security Act")
    assert sentences([act], superuser) == [shown]
    # Readers of the Malay page do not see the English title.
    assert sentences([english_act], superuser) == []
    assert sentences([act, english_act], superuser) == [SENTENCE]


@pytest.mark.parametrize("state", ["act", "page"])
def test_what_no_reader_sees_is_not_listed(
    act: Act, home: HomePage, superuser: User, state: str
) -> None:
    (act if state == "act" else home).unpublish()
    act.refresh_from_db()
    assert not citations([act], superuser)


def test_only_texts_that_the_user_may_see_are_listed(
    act: Act, home: HomePage, english: Locale
) -> None:
    english_home = HomePageFactory(locale=english, title="Home", intro=f"<p>{reference(act)}</p>")
    user = User.objects.create_user("penerbit", "penerbit@example.test", "rahsia")
    group = Group.objects.create(name="Malay only")
    user.groups.add(group)
    change = Permission.objects.get(codename="change_page")
    GroupPagePermission.objects.create(group=group, page=home.page_ptr, permission=change)
    found = citations([act], user)
    assert [citation.text for citation in found.listed] == [home]
    assert found.others == 1
    GroupPagePermission.objects.create(group=group, page=english_home.page_ptr, permission=change)
    found = citations([act], User.objects.get(pk=user.pk))
    assert len(found.listed) == 2


def test_a_long_list_ends(
    act: Act, home: HomePage, superuser: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(citations_module, "LIMIT", 2)
    for number in range(4):
        page = ProfilePageFactory(
            parent=home, slug=f"p{number}", introduction=f"<p>{number} {reference(act)}</p>"
        )
        assert page.live
    found = citations([act], superuser)
    assert (len(found.listed), found.others) == (2, 3)


def test_more_texts_take_no_more_queries(act: Act, home: HomePage, superuser: User) -> None:
    add_citing_pages(1, act, home)
    citations([act], superuser)
    with CaptureQueriesContext(connection) as few:
        assert len(citations([act], superuser).listed) == 2
    add_citing_pages(10, act, home)
    with CaptureQueriesContext(connection) as many:
        assert len(citations([act], superuser).listed) == 12
    assert len(many) == len(few)


@pytest.mark.parametrize("view", ["delete", "unpublish"])
def test_the_confirmation_shows_the_sentences(
    admin: Client, act: Act, home: HomePage, view: str
) -> None:
    response = admin.get(reverse(Act.snippet_viewset.get_url_name(view), args=[act.pk]))
    page = response.content.decode()
    assert SENTENCE in page
    assert "Apa yang akan dilihat oleh pembaca" in page
    assert reverse("wagtailadmin_pages:edit", args=[home.pk]) in page


def test_the_confirmation_for_several_acts_shows_the_sentences(
    admin: Client, act: Act, home: HomePage
) -> None:
    address = reverse("wagtail_bulk_action", args=["snippets", "act", "delete"])
    page = admin.get(f"{address}?id={act.pk}").content.decode()
    assert SENTENCE in page
    assert admin.post(f"{address}?id={act.pk}").status_code == 302
    assert not Act.objects.filter(pk=act.pk).exists()


def test_an_act_without_citations_has_a_plain_confirmation(admin: Client, act: Act) -> None:
    for view in ("delete", "unpublish"):
        response = admin.get(reverse(Act.snippet_viewset.get_url_name(view), args=[act.pk]))
        assert response.status_code == 200
        assert "citations-heading" not in response.content.decode()


# Lists and fields


def page_with_acts(acts: list[Act], locale: Locale, **fields: Any) -> Any:
    page = ProfilePageFactory(locale=locale, **fields)
    entries = [{"type": "item", "id": str(uuid4()), "value": act.pk} for act in acts]
    value = {"heading": "Akta", "anchor": "akta", "acts": entries}
    page.sections = page.sections.stream_block.to_python(
        [{"type": "acts", "id": str(uuid4()), "value": value}]
    )
    page.save()
    return page


def listed(acts: list[Act], user: Any) -> set[Any]:
    found = citations(acts, user).listed
    assert all(citation.loses_entry and not citation.sentences for citation in found)
    return {citation.text for citation in found}


def test_lists_and_fields_that_show_the_act_are_listed(
    act: Act, malay: Locale, superuser: User
) -> None:
    other = ActFactory(locale=malay)
    page = page_with_acts([other, act], malay)
    role = RoleFactory(locale=malay)
    RoleAct.objects.create(role=role, act=act, locale=malay)
    role.save()
    shown = {page, role, SchemeFactory(locale=malay, act=act)}
    shown.add(RegulationFactory(locale=malay, act=act))
    page_with_acts([other], malay, slug="lain")
    assert listed([act], superuser) == shown


def test_an_entry_is_what_readers_lose(act: Act, home: HomePage, superuser: User) -> None:
    SiteFactory(root_page=home)
    page = page_with_acts([act], home.locale, parent=home)
    page.save_revision().publish()

    def shown() -> str:
        address = f"/api/v1/pages/{page.translation_key}"
        return json.dumps(Client().get(address, {"locale": "ms"}).json()["sections"])

    assert act.title in shown()
    assert page in {found.text for found in citations([act], superuser).listed}
    act.unpublish()
    assert act.title not in shown()


def test_an_entry_in_another_language_stays(
    act: Act, malay: Locale, english: Locale, superuser: User
) -> None:
    """A translated page may still point at the Malay Act, and shows the English one."""
    english_act = translated(act, english, "Social Security Act")
    malay_page = page_with_acts([act], malay)
    english_page = page_with_acts([act], english, slug="english")
    assert listed([act], superuser) == {malay_page}
    assert listed([english_act], superuser) == {english_page}
    assert listed([act, english_act], superuser) == {malay_page, english_page}
    english_act.unpublish()
    assert listed([Act.objects.get(pk=english_act.pk)], superuser) == set()


def test_the_confirmation_tells_of_entries(admin: Client, act: Act, malay: Locale) -> None:
    page = page_with_acts([act], malay)
    response = admin.get(reverse(Act.snippet_viewset.get_url_name("unpublish"), args=[act.pk]))
    text = response.content.decode()
    assert "tidak akan dipaparkan lagi" in text
    assert reverse("wagtailadmin_pages:edit", args=[page.pk]) in text


# Expiry


def saved(admin: Client, act: Act, action: str = "", **changed: str) -> str:
    """The messages after the form was saved."""
    address = reverse(Act.snippet_viewset.get_url_name("edit"), args=[act.pk])
    response = submit(admin, address, changed, action)
    assert response.status_code == 302, response.content.decode()
    return unescape(" ".join(str(one) for one in get_messages(response.wsgi_request)))


@pytest.mark.parametrize("action", ["", "action-publish"])
def test_who_sets_the_expiry_of_an_act_is_told_which_texts_change(
    admin: Client, act: Act, home: HomePage, malay: Locale, action: str
) -> None:
    page_with_acts([act], malay, title="Profil", parent=home)
    told = saved(admin, act, action, expire_at="2099-12-31 09:00")
    assert "Apabila Akta ini tamat tempoh pada 31 Dis 2099, 09:00" in told
    assert "pembaca akan melihat teks ini tanpanya: “Utama”, “Profil”." in told
    assert reverse(Act.snippet_viewset.get_url_name("unpublish"), args=[act.pk]) in told
    # Once more only where it takes effect.
    again = saved(admin, Act.objects.get(pk=act.pk), action)
    assert ("tamat tempoh pada" in again) == bool(action)


def test_an_expiry_that_changes_nothing_is_not_told(
    admin: Client, act: Act, home: HomePage
) -> None:
    assert "tamat tempoh" not in saved(admin, act, "action-publish")
    home.unpublish()
    told = saved(admin, act, "action-publish", expire_at="2099-12-31 09:00")
    assert "pembaca akan melihat" not in told


def test_the_message_names_a_few_texts_in_english(
    admin: Client, act: Act, home: HomePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    UserProfile.objects.update(preferred_language="en")
    add_citing_pages(7, act, home)
    told = saved(admin, act, expire_at="2099-12-31 09:00")
    assert "readers will see these texts without it: “Utama”, " in told
    assert "3 more." in told
