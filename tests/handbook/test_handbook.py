"""The handbooks: whole in both languages, with pictures, and opened in the admin."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils.html import escape
from wagtail.users.models import UserProfile

from cms.handbook import reading
from cms.handbook.apps import check_files_are_there
from tests.browser.handbook_pictures import MOST_BYTES, pictures
from tests.factories import HomePageFactory

pytestmark = pytest.mark.any_database

LANGUAGES = sorted(reading.ENDINGS)
#: What each page has of its own, so that none shows another's.
TITLES = {
    "officers": {"ms": "Buku panduan pegawai", "en": "Officers' handbook"},
    "translators": {"ms": "Buku panduan penterjemah", "en": "Translators' handbook"},
}
#: Under which names they are opened.
ADDRESSES = {"officers": "handbook", "translators": "translators_handbook"}
each_book = pytest.mark.parametrize("book", reading.BOOKS)


def read(book: str, language: str) -> BeautifulSoup:
    return BeautifulSoup(str(reading.handbook(book, language).html), "html.parser")


def anchors(book: str, language: str) -> list[str]:
    return [section.anchor for section in reading.handbook(book, language).sections]


def test_an_installation_without_the_files_is_told_at_its_start(
    settings: LazySettings, tmp_path: Path
) -> None:
    assert not check_files_are_there()
    settings.BASE_DIR = tmp_path
    missing = {str(error.msg).rsplit("/", 1)[-1] for error in check_files_are_there()}
    assert missing == {
        f"{book}{ending} is missing." for book in TITLES for ending in (".md", ".ms.md")
    }


@each_book
def test_both_languages_have_the_same_sections_each_with_an_anchor(book: str) -> None:
    found = anchors(book, "ms")
    assert found == anchors(book, "en")
    assert all(found)
    assert len(set(found)) == len(found)
    assert [heading["id"] for heading in read(book, "ms").find_all("h2")] == found


@each_book
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_picture_is_there_small_and_described(book: str, language: str) -> None:
    shown = read(book, language).find_all("img")
    names = [re.fullmatch(rf"{book}/([a-z-]+)\.png", picture["src"])[1] for picture in shown]
    # A test of the walk that makes them holds that these are the pictures that it takes.
    assert sorted(names) == sorted(pictures(book))
    for name, picture in zip(names, shown, strict=True):
        assert len(picture["alt"]) > 20, name
        assert int(picture["width"]) > 300
        file = reading.picture(book, name)
        assert file is not None
        assert file.stat().st_size <= MOST_BYTES, name


@each_book
@pytest.mark.parametrize("language", LANGUAGES)
def test_links_within_a_handbook_lead_to_its_sections(book: str, language: str) -> None:
    links = {link["href"] for link in read(book, language).find_all("a")}
    assert links <= {f"#{anchor}" for anchor in anchors(book, language)}


@each_book
@pytest.mark.parametrize("language", LANGUAGES)
def test_headings_come_one_level_after_another(book: str, language: str) -> None:
    headings = read(book, language).find_all(re.compile("^h[1-6]$"))
    levels = [int(found.name[1]) for found in headings]
    assert levels[0] == 2
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_markup_in_the_file_is_text(tmp_path, settings) -> None:
    (tmp_path / "docs").mkdir()
    text = '# T\n\n<a id="x"></a>\n\n## A <script>\n\n<a id="y"></a> b <b>c</b>\n'
    (tmp_path / "docs" / "officers.md").write_text(text)
    settings.BASE_DIR = tmp_path
    found = reading.handbook.__wrapped__("officers", "en")
    assert found.html == (
        '<h2 id="x">A &lt;script&gt;</h2>\n'
        "<p>&lt;a id=&quot;y&quot;&gt;&lt;/a&gt; b &lt;b&gt;c&lt;/b&gt;</p>\n"
    )
    assert found.sections == (reading.Section("x", "A <script>"),)


@pytest.fixture
def officer(client: Client, django_user_model: type[User]) -> Client:
    user = django_user_model.objects.create_superuser("pegawai", "p@example.test", "rahsia")
    UserProfile.objects.create(user=user, preferred_language="ms")
    client.force_login(user)
    return client


@pytest.mark.django_db
@each_book
@pytest.mark.parametrize("language", LANGUAGES)
def test_it_opens_in_the_readers_language(officer: Client, book: str, language: str) -> None:
    UserProfile.objects.update(preferred_language=language)
    answer = officer.get(reverse(ADDRESSES[book]))
    page = BeautifulSoup(answer.content, "html.parser")
    assert page.html["lang"] == language
    assert page.h1.get_text(strip=True) == TITLES[book][language]
    contents = page.select(".handbook__contents a")
    assert [link["href"][1:] for link in contents] == anchors(book, language)
    picture = page.select_one(".handbook__text img")["src"]
    image = officer.get(reverse(ADDRESSES[book]) + picture)
    assert image.headers["Content-Type"] == "image/png"
    assert b"".join(image).startswith(b"\x89PNG")


@pytest.mark.django_db
def test_a_picture_that_is_not_there_is_404(officer: Client) -> None:
    for name in ("handbook_picture", "translators_handbook_picture"):
        assert officer.get(reverse(name, args=["tiada"])).status_code == 404
        # Nor is another handbook's.
    assert officer.get(reverse("handbook_picture", args=["memory"])).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", ["handbook", "handbook_picture", "translators_handbook", "translators_handbook_picture"]
)
def test_only_staff_read_it(client: Client, name: str) -> None:
    address = reverse(name, args=["review"] if name.endswith("_picture") else [])
    assert client.get(address).status_code == 302


@pytest.mark.django_db
def test_help_and_dashboard_lead_to_it_and_not_to_wagtails_sites(officer: Client) -> None:
    html = officer.get(reverse("wagtailadmin_home")).content.decode()
    for book, name in ADDRESSES.items():
        assert escape(TITLES[book]["ms"]) in html
        # In the help menu and beside the name.
        assert html.count(reverse(name)) == 2
    assert "guide.wagtail.org" not in html
    assert "wagtail.org" not in html


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_form_of_a_page_links_to_what_helps_to_write_it(officer: Client, language: str) -> None:
    UserProfile.objects.update(preferred_language=language)
    home = HomePageFactory()
    address = reverse("wagtailadmin_pages:add", args=["pages", "standardpage", home.pk])
    form = BeautifulSoup(officer.get(address).content, "html.parser").select_one(
        "form[data-edit-form]"
    )
    links = [link for link in form.find_all("a") if reverse("handbook") in link["href"]]
    titles = {
        section.anchor: section.title for section in reading.handbook("officers", language).sections
    }
    assert len(links) > 3
    for link in links:
        assert titles[link["href"].partition("#")[2]] == link.get_text()
