"""The admin is in Malay by default, and English is one click away."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from wagtail.admin.localization import get_available_admin_time_zones
from wagtail.models import Locale
from wagtail.users.models import UserProfile

from tests.factories import SiteFactory

pytestmark = pytest.mark.django_db

BROWSER = {"HTTP_ACCEPT_LANGUAGE": "en-GB,en;q=0.9"}


@pytest.fixture
def english_browser() -> Client:
    """A browser that prefers English, as most computers sold in Malaysia do."""
    return Client(**BROWSER)


@pytest.fixture
def user() -> User:
    return User.objects.create_superuser("pentadbir", "pentadbir@example.test", "rahsia")


def language_of(response) -> str:
    return re.search(r'<html[^>]* lang="([\w-]+)"', response.content.decode())[1]


def test_the_login_page_is_in_malay_whatever_the_browser_asks_for(english_browser):
    response = english_browser.get("/admin/login/")
    assert language_of(response) == "ms"
    assert "Log masuk" in response.content.decode()


def test_a_new_account_has_its_admin_in_malay(english_browser, user):
    english_browser.force_login(user)
    response = english_browser.get("/admin/")
    assert language_of(response) == "ms"
    assert "Papan pemuka" in response.content.decode()


def test_english_is_one_click_from_the_login_page(english_browser):
    page = english_browser.get("/admin/login/").content.decode()
    assert '<form action="/admin/language/en/" method="post"' in page
    assert 'action="/admin/language/ms/"' not in page
    response = english_browser.post(
        "/admin/language/en/", HTTP_REFERER="http://testserver/admin/login/"
    )
    assert response.status_code == 302
    assert response["Location"] == "http://testserver/admin/login/"
    response = english_browser.get("/admin/login/")
    assert language_of(response) == "en"
    assert "Bahasa Melayu" in response.content.decode()


def test_each_language_is_one_click_from_the_menu_of_the_other(english_browser, user):
    english_browser.force_login(user)
    page = english_browser.get("/admin/").content.decode()
    assert "/admin/language/en/" in page
    assert "/admin/language/ms/" not in page
    english_browser.post("/admin/language/en/")
    page = english_browser.get("/admin/")
    assert language_of(page) == "en"
    assert "/admin/language/ms/" in page.content.decode()
    english_browser.post("/admin/language/ms/")
    assert language_of(english_browser.get("/admin/")) == "ms"


def test_the_choice_belongs_to_the_account_and_not_to_the_browser(user):
    other = User.objects.create_superuser("lain", "lain@example.test", "rahsia")
    first = Client()
    first.force_login(user)
    first.post("/admin/language/en/")
    assert UserProfile.get_for_user(user).preferred_language == "en"
    UserProfile.get_for_user(other)
    first.force_login(other)
    assert language_of(first.get("/admin/")) == "ms"
    second = Client()
    second.force_login(user)
    assert language_of(second.get("/admin/")) == "en"


def test_choosing_a_language_keeps_the_rest_of_the_profile(user):
    UserProfile.objects.create(user=user, theme="dark", current_time_zone="Asia/Kuching")
    client = Client()
    client.force_login(user)
    client.post("/admin/language/en/")
    profile = UserProfile.objects.get(user=user)
    assert (profile.theme, profile.current_time_zone) == ("dark", "Asia/Kuching")


@pytest.mark.parametrize("language", ["fr", "EN", "zh-hans", "english", "e" * 5000])
def test_an_unknown_language_is_refused(client, user, language):
    client.force_login(user)
    assert client.post(f"/admin/language/{language}/").status_code == 400
    assert not UserProfile.objects.exists()


def test_a_link_or_another_site_cannot_change_the_language(user):
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    assert client.get("/admin/language/en/").status_code == 405
    assert client.post("/admin/language/en/").status_code == 403
    assert not UserProfile.objects.exists()


@pytest.mark.parametrize(
    "referer",
    [
        "",
        "https://elsewhere.example/",
        "//elsewhere.example",
        "javascript:alert(1)",
        "\x00",
        "http://[",
    ],
)
def test_the_redirect_never_leaves_the_site(client, referer):
    response = client.post("/admin/language/en/", HTTP_REFERER=referer)
    assert response["Location"] == "/admin/"


@pytest.mark.parametrize("cookie", ["fr", "", "../../etc", "x" * 5000, "en\x00"])
def test_an_invalid_cookie_gives_malay(client, cookie):
    client.cookies["django_language"] = cookie
    assert language_of(client.get("/admin/login/")) == "ms"


@pytest.mark.parametrize("saved", ["", "ms"])
def test_every_profile_has_a_language(user, saved):
    """Wagtail reads an empty one as the active language."""
    profile = UserProfile.objects.create(user=user, preferred_language=saved)
    assert profile.preferred_language == "ms"


def test_migrating_gives_older_profiles_a_language(user):
    profile = UserProfile.get_for_user(user)
    UserProfile.objects.update(preferred_language="")
    call_command("migrate", verbosity=0)
    profile.refresh_from_db()
    assert profile.preferred_language == "ms"


@pytest.mark.parametrize("path", ["/admin/jsi18n/", "/admin/localize/jsi18n/"])
def test_javascript_has_the_messages_of_every_plugin_in_the_users_language(
    english_browser, user, path
):
    english_browser.force_login(user)
    script = english_browser.get(path).content.decode()
    assert '"Add a comment": "Tambah komen"' in script  # Wagtail's
    assert '"Change page": "Tukar halaman"' in script  # wagtail-localize's
    english_browser.post("/admin/language/en/")
    assert "Tambah komen" not in english_browser.get(path).content.decode()


def test_the_login_pages_javascript_is_in_the_pages_language(english_browser):
    assert "Tambah komen" in english_browser.get("/admin/jsi18n/").content.decode()


@pytest.fixture
def public_site(english_browser) -> Client:
    """A browser that prefers English, on a site whose home page is in Malay and English."""
    home = SiteFactory().root_page
    translated = home.copy_for_translation(Locale.objects.get(language_code="en"))
    translated.title = "SOCSO"
    translated.save_revision().publish()
    return english_browser


@pytest.mark.parametrize("chosen", ["ms", "en"])
@pytest.mark.parametrize("language", ["ms", "en"])
def test_the_public_site_follows_the_language_in_the_url(public_site, user, language, chosen):
    public_site.force_login(user)
    public_site.post(f"/admin/language/{chosen}/")
    response = public_site.get(f"/{language}/")
    assert response.status_code == 200
    assert language_of(response) == language
    assert response["Content-Language"] == language


@pytest.mark.parametrize(
    ("chosen", "url"), [(None, "/ms/"), ("ms", "/ms/"), ("en", "/en/"), ("fr", "/ms/")]
)
def test_a_url_without_a_language_redirects_to_the_chosen_one(public_site, chosen, url):
    if chosen:
        public_site.cookies["django_language"] = chosen
    response = public_site.get("/", follow=True)
    # The home page then redirects to the login page, in the same language.
    assert response.redirect_chain[0] == (url, 302)
    assert language_of(response) == url.strip("/")


def test_an_account_can_choose_from_the_time_zones_of_malaysia(client, user):
    assert get_available_admin_time_zones() == ["Asia/Kuala_Lumpur", "Asia/Kuching"]
    client.force_login(user)
    page = client.get("/admin/account/").content.decode()
    select = re.search(r'<select name="[\w-]*current_time_zone".*?</select>', page, re.DOTALL)[0]
    zones = [value for value in re.findall(r'value="([^"]*)"', select) if value]
    assert zones == ["Asia/Kuala_Lumpur", "Asia/Kuching"]
