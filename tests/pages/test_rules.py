"""The allowed structure of the page tree, and the protection of home pages."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from wagtail.models import GroupPagePermission, Locale, Page, Site

from cms.pages.models import HomePage, ProfilePage, StandardPage
from tests.factories import (
    HomePageFactory,
    ProfilePageFactory,
    SiteFactory,
    StandardPageFactory,
    root_page,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("parent", "allowed"),
    [
        (HomePage, {ProfilePage, StandardPage}),
        (ProfilePage, {StandardPage}),
        (StandardPage, {StandardPage}),
    ],
)
def test_allowed_child_page_types(parent: Any, allowed: set[Any]) -> None:
    assert set(parent.creatable_subpage_models()) == allowed


def test_only_home_pages_are_allowed_at_the_root() -> None:
    assert set(root_page().specific.creatable_subpage_models()) & {
        HomePage,
        ProfilePage,
        StandardPage,
    } == {HomePage}


def test_a_home_page_can_be_created_while_a_language_has_none() -> None:
    root = root_page()
    assert HomePage.can_create_at(root)
    for locale in Locale.objects.all():
        HomePageFactory(locale=locale)
    assert not HomePage.can_create_at(root)
    Locale.objects.create(language_code="ta")
    assert HomePage.can_create_at(root)


def test_a_language_has_one_home_page(malay: Locale, english: Locale) -> None:
    HomePageFactory(locale=malay)
    HomePageFactory(locale=english)
    with pytest.raises(ValidationError):
        HomePageFactory(locale=malay, slug="lain")
    home = HomePage.objects.get(locale=malay)
    home.title = "Laman utama"
    home.save()


def test_a_home_page_has_one_profile() -> None:
    home = HomePageFactory()
    assert ProfilePage.can_create_at(home)
    ProfilePageFactory()
    home.refresh_from_db()
    assert not ProfilePage.can_create_at(home)


def test_each_language_has_its_own_profile(english: Locale) -> None:
    ProfilePageFactory()
    assert ProfilePage.can_create_at(HomePageFactory(locale=english))


def test_pages_cannot_be_moved_below_disallowed_parents(english: Locale) -> None:
    home, elsewhere = HomePageFactory(), HomePageFactory(locale=english)
    profile, page = ProfilePageFactory(), StandardPageFactory()
    assert not profile.can_move_to(page)
    assert not profile.can_move_to(root_page())
    assert not page.can_move_to(elsewhere), "another language"
    assert not home.can_move_to(elsewhere)
    assert page.can_move_to(profile)


@pytest.fixture
def officer() -> User:
    """A user with all permissions on pages who is not a superuser."""
    group = Group.objects.create(name="Semua hak halaman")
    for codename in ("add", "change", "publish", "bulk_delete", "lock", "unlock"):
        GroupPagePermission.objects.create(
            group=group,
            page=root_page(),
            permission=Permission.objects.get(
                content_type__app_label="wagtailcore", codename=f"{codename}_page"
            ),
        )
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    user = User.objects.create_user("pegawai", password="x")
    user.groups.add(group)
    return user


@pytest.mark.parametrize("action", ["delete", "unpublish", "move", "copy"])
def test_an_officer_cannot_remove_the_home_page(client: Client, officer: User, action: str) -> None:
    home = SiteFactory().root_page
    ProfilePageFactory()
    client.force_login(officer)
    page_type = {"delete": "delete", "unpublish": "unpublish", "move": "move", "copy": "copy"}
    address = reverse(f"wagtailadmin_pages:{page_type[action]}", args=[home.pk])
    for response in (client.get(address), client.post(address)):
        assert response.status_code in (302, 403)
    home.refresh_from_db()
    assert home.live
    assert Site.objects.get().root_page_id == home.pk
    assert Page.objects.type(HomePage).count() == 1


@pytest.mark.parametrize("action", ["delete", "unpublish"])
def test_bulk_actions_cannot_remove_the_home_page(
    client: Client, officer: User, action: str
) -> None:
    home = SiteFactory().root_page
    client.force_login(officer)
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
    client.post(f"{address}?id={home.pk}")
    home.refresh_from_db()
    assert home.live


def test_an_officer_can_remove_other_pages(client: Client, officer: User) -> None:
    SiteFactory()
    page = StandardPageFactory()
    client.force_login(officer)
    client.post(reverse("wagtailadmin_pages:unpublish", args=[page.pk]))
    page.refresh_from_db()
    assert not page.live
    client.post(reverse("wagtailadmin_pages:delete", args=[page.pk]))
    assert not StandardPage.objects.exists()


def test_an_officer_edits_and_publishes_the_home_page(client: Client, officer: User) -> None:
    home = HomePageFactory()
    client.force_login(officer)
    assert client.get(reverse("wagtailadmin_pages:edit", args=[home.pk])).status_code == 200
    assert Page.objects.get(pk=home.pk).permissions_for_user(officer).can_publish()


def test_a_superuser_may_remove_a_home_page_but_not_copy_it(admin: Client) -> None:
    home = HomePageFactory()
    user = User.objects.get(username="pentadbir")
    # As in page lists, where the specific type is not loaded.
    rights = Page.objects.get(pk=home.pk).permissions_for_user(user)
    assert rights.can_delete()
    assert rights.can_unpublish()
    assert not rights.can_copy()
    assert not rights.can_copy_to(root_page())
