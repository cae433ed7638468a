"""What Wagtail says without offering it for translation is in the language of the admin, too."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group, User
from django.core.files.uploadedfile import SimpleUploadedFile
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
    """Makes somebody who has the admin in a language."""

    def log_in(language: str) -> Client:
        user = User.objects.create_superuser(f"p-{language}", f"{language}@example.test", "rahsia")
        UserProfile.objects.create(user=user, preferred_language=language)
        client = Client()
        client.force_login(user)
        return client

    return log_in


def test_a_locale_is_called_in_the_language_of_the_admin():
    english = Locale.objects.get(language_code="en")
    with override("ms"):
        assert str(english) == english.get_display_name() == "Bahasa Inggeris"
    with override("en"):
        assert str(english) == "English"


def test_wagtails_examples_are_gone_and_the_root_has_a_malay_name():
    assert not Group.objects.filter(name__in=["Editors", "Moderators"]).exists()
    assert Page.objects.get(depth=1).title == "Akar"


def test_the_buttons_of_a_chooser_follow_the_language_of_the_moment():
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
    ("language", "told"),
    [
        ("ms", "Diterjemahkan secara manual pada 1 Ogos 2026"),
        ("en", "Translated manually on 1 August 2026"),
    ],
)
def test_when_a_string_was_translated_is_told_in_words_and_in_local_time(language, told):
    late = datetime.datetime(2026, 7, 31, 20, 0, tzinfo=datetime.UTC)
    translation = StringTranslation(
        translation_type=StringTranslation.TRANSLATION_TYPE_MANUAL, updated_at=late
    )
    with override(language), timezone.override("Asia/Kuala_Lumpur"):
        assert translation.get_comment() == told


@pytest.mark.parametrize(
    ("language", "one", "several"),
    [
        ("ms", "1-1 daripada 1 halaman", "1-2 daripada 2 halaman"),
        ("en", "1-1 of 1 page", "1-2 of 2 pages"),
    ],
)
def test_the_head_of_what_was_found_says_what_it_counts(account, language, one, several):
    client = account(language)
    home = HomePageFactory(locale=Locale.get_default())
    StandardPageFactory(parent=home, title="Notis pertama")
    for expected in (one, several):
        page = client.get("/admin/pages/search/?q=notis").content.decode()
        assert expected in " ".join(page.split())
        StandardPageFactory(parent=home, title="Notis kedua")


@pytest.mark.parametrize(
    ("language", "asked"),
    [
        ("ms", "Sila taip &#x27;PERKESO&#x27; untuk mengesahkan."),
        ("en", "Please type &#x27;PERKESO&#x27; to confirm."),
    ],
)
@pytest.mark.parametrize("path", ["pages/{}/delete/", "bulk/wagtailcore/page/delete/?id={}"])
def test_the_name_of_the_site_is_asked_for_before_many_pages_are_deleted(
    account, language, asked, path
):
    client = account(language)
    page = HomePageFactory(locale=Locale.get_default())
    address = f"/admin/{path.format(page.pk)}"
    response = client.post(address, {"confirm_site_name": "Perkso"}, follow=True)
    assert asked in response.content.decode()
    assert Page.objects.filter(pk=page.pk).exists()
    client.post(address, {"confirm_site_name": "PERKESO"})
    assert not Page.objects.filter(pk=page.pk).exists()


@pytest.mark.parametrize(
    ("language", "told"),
    [("ms", "salah: bait ke-13 bukan UTF-8."), ("en", "wrong encoding: byte 13 is not UTF-8.")],
)
def test_a_file_of_redirects_in_another_encoding_is_refused_in_words(account, language, told):
    file = SimpleUploadedFile("ubah.csv", "dari,ke\n/caf\xe9,/".encode("latin-1"))
    response = account(language).post(
        "/admin/redirects/import/", {"import_file": file}, follow=True
    )
    text = response.content.decode()
    assert told in text
    assert "codec" not in text


def test_a_page_that_nobody_is_known_to_have_published_is_published_by_nobody(account):
    home = HomePageFactory(locale=Locale.get_default(), last_published_at=timezone.now())
    page = account("ms").get("/admin/reports/aging-pages/").content.decode()
    assert home.title in page
    assert not re.search(r">\s*None\s*<", page)
