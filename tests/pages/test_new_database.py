"""The content of a new database."""

from __future__ import annotations

from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.apps.registry import Apps
from django.db import connection
from wagtail.models import Locale, Page, Site

from cms.pages.locales import create_missing_locales
from tests.factories import HomePageFactory, root_page

pytestmark = pytest.mark.django_db

migration = import_module("cms.pages.migrations.0002_remove_welcome_page")


def remove_welcome_page() -> None:
    """Run the migration's function with the current models."""
    migration.remove_welcome_page(apps, SimpleNamespace(connection=connection))


def welcome_page() -> Page:
    """The page and site that Wagtail's own first migration creates."""
    page = root_page().add_child(
        instance=Page(title="Welcome to your new Wagtail site!", slug="home")
    )
    Site.objects.create(hostname="localhost", root_page=page, is_default_site=True)
    return page


def test_a_new_database_has_the_two_languages_and_no_page() -> None:
    codes = set(Locale.objects.values_list("language_code", flat=True))
    assert codes == {"ms", "en"}
    assert Locale.get_default().language_code == "ms"
    assert [page.depth for page in Page.objects.all()] == [1]
    assert not Site.objects.exists()


def test_the_welcome_page_is_removed_with_its_site() -> None:
    welcome_page()
    remove_welcome_page()
    assert not Page.objects.filter(depth=2).exists()
    assert not Site.objects.exists()
    assert root_page().numchild == 0
    HomePageFactory()
    assert not Page.find_problems()[0], "the tree is sound"
    assert not any(Page.find_problems())


def test_removing_it_twice_is_harmless() -> None:
    remove_welcome_page()
    remove_welcome_page()
    assert [page.depth for page in Page.objects.all()] == [1]


def test_pages_created_by_users_stay() -> None:
    home = HomePageFactory(slug="home")
    site = Site.objects.create(hostname="localhost", root_page=home, is_default_site=True)
    remove_welcome_page()
    assert Page.objects.filter(pk=home.pk).exists()
    assert Site.objects.get() == site
    assert not any(Page.find_problems())


def test_an_edited_welcome_page_stays() -> None:
    page = welcome_page()
    page.save_revision().publish()
    remove_welcome_page()
    assert Page.objects.filter(pk=page.pk).exists()


def test_the_setting_alone_enables_a_language(settings: Any) -> None:
    names = {"ms": "Bahasa Melayu", "en": "English", "zh-hans": "简体中文", "ta": "தமிழ்"}
    settings.WAGTAIL_CONTENT_LANGUAGES = settings.LANGUAGES = list(names.items())
    for _ in range(2):
        create_missing_locales(using="default", apps=apps)
    codes = list(Locale.objects.order_by("pk").values_list("language_code", flat=True))
    assert sorted(codes) == sorted(names)


def test_a_disabled_language_keeps_its_content(settings: Any) -> None:
    settings.WAGTAIL_CONTENT_LANGUAGES = [("ms", "Bahasa Melayu")]
    create_missing_locales(using="default", apps=apps)
    assert Locale._base_manager.filter(language_code="en").exists()


def test_a_database_without_the_locale_model_is_left_alone() -> None:
    create_missing_locales(using="default", apps=Apps())
