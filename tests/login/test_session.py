"""What the admin tells scripts of a page whose session has ended."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from cms.pages.models import HomePage
from tests.factories import HomePageFactory
from tests.login.attempts import PASSWORD

pytestmark = pytest.mark.django_db

SCRIPT = {"Sec-Fetch-Dest": "empty"}


@pytest.fixture
def home() -> HomePage:
    return HomePageFactory()


def edit_url(page: HomePage) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def test_a_page_asks_who_is_logged_in(admin_client: Client) -> None:
    answer = admin_client.get("/admin/session/")
    assert answer.json()["user"] == "admin"
    assert answer.json()["csrf_token"]
    assert "no-store" in answer["Cache-Control"]
    assert "X-Session" not in answer


def test_nobody_is_named_without_a_session(client: Client) -> None:
    answer = client.get("/admin/session/")
    assert (answer.status_code, answer.json()["user"]) == (200, None)
    assert answer["X-Session"] == "ended"


def test_an_account_that_may_not_use_the_admin_is_nobody(client: Client) -> None:
    client.force_login(User.objects.create_user("orang"))
    assert client.get("/admin/session/").json()["user"] is None


def test_asking_does_not_prolong_the_session(admin_client: Client) -> None:
    assert "sessionid" not in admin_client.get("/admin/session/").cookies


def test_the_token_is_one_that_the_latest_log_in_made(db: None) -> None:
    """The forms of a page that was opened before have another, which is refused."""
    User.objects.create_superuser("pegawai", password=PASSWORD)
    client = Client(enforce_csrf_checks=True)

    def send(path: str, token: str, **fields: str) -> int:
        return client.post(path, {"csrfmiddlewaretoken": token, **fields}).status_code

    before = client.get("/admin/session/").json()["csrf_token"]
    assert send("/admin/login/", before, username="pegawai", password=PASSWORD) == 302
    after = client.get("/admin/session/").json()["csrf_token"]
    assert send("/admin/logout/", before) == 403
    assert send("/admin/logout/", after) == 302


def test_a_script_is_refused_instead_of_led_to_another_page(client: Client, home: HomePage) -> None:
    """Whoever has logged in meanwhile would be led on to a page that the script did not ask for."""
    answer = client.post(edit_url(home), {"title": "Baharu"}, headers=SCRIPT)
    assert (answer.status_code, answer["X-Session"]) == (403, "ended")
    assert answer.json()["error_message"] == "Sesi anda telah tamat. Log masuk semula."


def test_a_person_is_led_to_the_log_in_page(client: Client, home: HomePage) -> None:
    answer = client.get(edit_url(home))
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("wagtailadmin_login"))


def test_answers_to_people_who_are_logged_in_have_no_mark(
    admin_client: Client, home: HomePage
) -> None:
    answer = admin_client.get(edit_url(home))
    assert (answer.status_code, "X-Session" in answer) == (200, False)
    assert "session-dialog" in answer.content.decode()


def test_the_log_in_page_may_be_shown_in_the_admin_only(client: Client) -> None:
    answer = client.get(reverse("wagtailadmin_login"))
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]
