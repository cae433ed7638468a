"""The search names nothing that its user may not see."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse
from wagtail.models import GroupPagePermission, Locale

from cms.editors import sight
from cms.pages.models import HomePage
from tests.factories import ActFactory
from tests.members import browser_of
from tests.text_search.conftest import drafted, page_in

pytestmark = pytest.mark.django_db

Find = Callable[..., str]
SECRET = "Zurahsia"


def test_a_draft_of_others_is_for_those_who_work_on_it(
    officer: Client, translator: Client, home: HomePage, find: Find
) -> None:
    page_in(home, SECRET, live=False, title="Draf orang lain")
    assert "Draf orang lain" in find(officer, SECRET)
    assert "Draf orang lain" not in find(translator, SECRET)


def test_the_change_of_a_public_page_is_for_those_who_work_on_it(
    officer: Client, translator: Client, home: HomePage, find: Find
) -> None:
    page = drafted(page_in(home, "Teks awam", title="Tajuk awam"), f"Teks awam {SECRET}")
    page.title = f"Tajuk {SECRET}"
    page.save_revision()
    assert SECRET in find(officer, "teks awam")
    assert "Tajuk awam" not in find(translator, SECRET)
    public = find(translator, "teks awam")
    assert "Tajuk awam" in public
    assert SECRET not in public
    assert "draft" not in public[public.index("<ol") :]
    assert "/edit/" not in public


def test_a_private_page_is_for_those_who_work_on_it(
    officer: Client, translator: Client, home: HomePage, find: Find
) -> None:
    page = page_in(home, "Terhad kepada lembaga", title="Lembaga")
    assert "Lembaga" in find(translator, "terhad kepada")
    page.view_restrictions.create(restriction_type="login")
    assert "Lembaga" not in find(translator, "terhad kepada")
    assert "Lembaga" in find(officer, "terhad kepada")


def test_what_lies_below_a_private_page_is_private(
    translator: Client, home: HomePage, find: Find
) -> None:
    parent = page_in(home, title="Induk")
    page_in(parent, "Anak terhad", title="Anak")
    parent.view_restrictions.create(restriction_type="login")
    assert "<mark>" not in find(translator, "anak terhad")


def test_entries_in_another_language_are_shown_as_far_as_they_are_public(
    officer: Client, translator: Client, home: HomePage, malay: Locale, english: Locale, find: Find
) -> None:
    act = ActFactory(locale=malay, title="Akta terbitan")
    act.save_revision().publish()
    act.title = f"Akta {SECRET}"
    act.editor_note = "Nota dalaman"
    act.save_revision()
    ActFactory(locale=malay, title=f"Draf {SECRET}", live=False).save_revision()
    ActFactory(locale=english, title="English draft", live=False).save_revision()
    assert "Akta terbitan" in find(translator, "akta terbitan")
    assert "English draft" in find(translator, "english draft")
    for phrase in (SECRET, "nota dalaman"):
        assert "<mark>" not in find(translator, phrase)
        assert "<mark>" in find(officer, phrase)


def test_a_right_on_one_branch_shows_the_drafts_of_that_branch(home: HomePage, find: Find) -> None:
    mine = page_in(home, "Cabang", title="Cabang saya")
    page_in(mine, SECRET, live=False, title="Dalam cabang")
    page_in(home, SECRET, live=False, title="Luar cabang")
    group = Group.objects.create(name="Cabang")
    group.permissions.set(Group.objects.get(name="Penterjemah").permissions.all())
    GroupPagePermission.objects.create(group=group, page=mine, permission_type="change")
    text = find(browser_of("Cabang", language="en"), SECRET)
    assert "Dalam cabang" in text
    assert "Luar cabang" not in text


def test_each_result_is_shown_by_the_rule_of_sight(
    translator: Client, home: HomePage, english_home: HomePage, find: Find
) -> None:
    pages = [
        page_in(parent, "Kata biasa", live=live, title=f"Halaman {number}")
        for number, (parent, live) in enumerate(
            [(home, True), (home, False), (english_home, True), (english_home, False)]
        )
    ]
    pages[0].view_restrictions.create(restriction_type="login")
    user = User.objects.get(pk=translator.session["_auth_user_id"])
    text = find(translator, "kata biasa")
    named = [page for page in pages if page.title in text]
    assert named == [page for page in pages if sight.is_shown(user, page)] == pages[2:]


def test_those_who_may_not_use_the_admin_search_nothing(home: HomePage) -> None:
    page_in(home, SECRET)
    User.objects.create_user("orang")
    stranger = Client()
    address = reverse("text_search") + f"?q={SECRET}"
    assert stranger.get(address).status_code == 302
    stranger.force_login(User.objects.get(username="orang"))
    response = stranger.get(address)
    assert response.status_code in {302, 403}
    assert SECRET not in response.content.decode()
