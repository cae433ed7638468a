"""Texts that Wagtail does not offer for translation are in the admin's language."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone
from django.utils.translation import override
from wagtail.models import Locale, Page
from wagtail.snippets.widgets import AdminSnippetChooser
from wagtail.users.models import UserProfile
from wagtail_localize.models import StringTranslation

from cms.snippets.models import Act
from tests.factories import HomePageFactory, StandardPageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def account() -> Callable[[str], Client]:
    """Logs a new user in whose admin is in the given language."""

    def log_in(language: str) -> Client:
        user = User.objects.create_superuser(f"p-{language}", f"{language}@example.test", "rahsia")
        UserProfile.objects.create(user=user, preferred_language=language)
        client = Client()
        client.force_login(user)
        return client

    return log_in


def test_a_locale_is_named_in_the_active_language():
    english = Locale.objects.get(language_code="en")
    with override("ms"):
        assert str(english) == english.get_display_name() == "Bahasa Inggeris"
    with override("en"):
        assert str(english) == "English"


def test_wagtails_example_groups_are_removed_and_the_root_has_a_malay_name():
    assert not Group.objects.filter(name__in=["Editors", "Moderators"]).exists()
    assert Page.objects.get(depth=1).title == "Akar"


def test_the_buttons_of_a_chooser_follow_the_active_language():
    with override("en"):
        chooser = AdminSnippetChooser(Act)
    for language, texts in (
        ("ms", ("Pilih akta", "Pilih akta lain", "Sunting akta ini")),
        ("en", ("Choose act", "Choose another act", "Edit this act")),
    ):
        with override(language):
            said = chooser.choose_one_text, chooser.choose_another_text, chooser.link_to_chosen_text
            assert tuple(map(str, said)) == texts


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ms", "Diterjemahkan secara manual pada 1 Ogos 2026"),
        ("en", "Translated manually on 1 August 2026"),
    ],
)
def test_the_date_of_a_translation_is_translated_and_in_local_time(language, text):
    late = datetime.datetime(2026, 7, 31, 20, 0, tzinfo=datetime.UTC)
    translation = StringTranslation(
        translation_type=StringTranslation.TRANSLATION_TYPE_MANUAL, updated_at=late
    )
    with override(language), timezone.override("Asia/Kuala_Lumpur"):
        assert translation.get_comment() == text


@pytest.mark.parametrize(
    ("language", "one", "several"),
    [
        ("ms", "1-1 daripada 1 halaman", "1-2 daripada 2 halaman"),
        ("en", "1-1 of 1 page", "1-2 of 2 pages"),
    ],
)
def test_the_heading_of_search_results_counts_pages(account, language, one, several):
    client = account(language)
    home = HomePageFactory(locale=Locale.get_default())
    StandardPageFactory(parent=home, title="Notis pertama")
    for expected in (one, several):
        page = client.get("/admin/pages/search/?q=notis").content.decode()
        assert expected in " ".join(page.split())
        StandardPageFactory(parent=home, title="Notis kedua")


@pytest.mark.parametrize(
    ("language", "error"),
    [
        ("ms", "Sila taip &#x27;PERKESO&#x27; untuk mengesahkan."),
        ("en", "Please type &#x27;PERKESO&#x27; to confirm."),
    ],
)
@pytest.mark.parametrize("path", ["pages/{}/delete/", "bulk/wagtailcore/page/delete/?id={}"])
def test_a_wrong_site_name_does_not_confirm_deletion_and_the_error_is_translated(
    account, language, error, path
):
    client = account(language)
    page = HomePageFactory(locale=Locale.get_default())
    address = f"/admin/{path.format(page.pk)}"
    response = client.post(address, {"confirm_site_name": "Perkso"}, follow=True)
    assert error in response.content.decode()
    assert Page.objects.filter(pk=page.pk).exists()
    client.post(address, {"confirm_site_name": "PERKESO"})
    assert not Page.objects.filter(pk=page.pk).exists()


def test_a_page_without_a_known_publisher_does_not_show_none(account):
    home = HomePageFactory(locale=Locale.get_default(), last_published_at=timezone.now())
    page = account("ms").get("/admin/reports/aging-pages/").content.decode()
    assert home.title in page
    assert not re.search(r">\s*None\s*<", page)
