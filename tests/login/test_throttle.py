"""Failed log-ins are counted by account and by address, and refused for a while."""

from __future__ import annotations

import re
from datetime import timedelta
from io import StringIO

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client

from tests.login.attempts import ADDRESS, PASSWORD, fail, log_in

pytestmark = pytest.mark.usefixtures("limits")


@pytest.fixture
def account(db) -> User:
    return User.objects.create_superuser("pentadbir", password=PASSWORD)


def minutes_earlier(minutes: int) -> None:
    """Let time pass: move the recorded failures into the past."""
    for attempt in AccessAttempt.objects.all():
        attempt.attempt_time -= timedelta(minutes=minutes)
        attempt.save()


def is_logged_in(response) -> bool:
    return response.status_code == 302 and "sessionid" in response.cookies


def test_an_account_with_too_many_failures_is_refused_until_the_wait_is_over(account):
    fail("pentadbir", 40)
    refused = log_in("pentadbir", PASSWORD)
    assert refused.status_code == 429
    assert "sessionid" not in refused.cookies
    minutes_earlier(14)
    assert log_in("pentadbir", PASSWORD).status_code == 429
    minutes_earlier(1)
    assert is_logged_in(log_in("pentadbir", PASSWORD))


def test_refused_attempts_do_not_lengthen_the_wait(account):
    fail("pentadbir", 4)
    minutes_earlier(10)
    fail("pentadbir", 40)
    minutes_earlier(5)
    assert is_logged_in(log_in("pentadbir", PASSWORD))


def test_a_few_failures_do_no_harm(account):
    assert fail("pentadbir", 3).status_code == 200
    assert is_logged_in(log_in("pentadbir", PASSWORD))
    assert fail("pentadbir", 3).status_code == 200


def test_failures_from_many_addresses_and_browsers_count_for_the_account(account):
    for number in range(4):
        agent = f"Browser {number}"
        fail("pentadbir", 1, f"203.0.113.{number}", **{"User-Agent": agent})
    assert log_in("pentadbir", PASSWORD, "192.0.2.1").status_code == 429


def test_failures_with_many_accounts_count_for_the_address(account):
    for number in range(6):
        fail(f"orang{number}", 1)
    assert log_in("pentadbir", PASSWORD).status_code == 429
    assert is_logged_in(log_in("pentadbir", PASSWORD, "192.0.2.1"))


def test_a_log_in_does_not_clear_the_failures_with_other_accounts(account):
    """Otherwise whoever has an account could go on guessing the passwords of others."""
    for number in range(3):
        fail(f"orang{number}", 1)
    assert is_logged_in(log_in("pentadbir", PASSWORD))
    for number in range(3):
        fail(f"lain{number}", 1)
    assert log_in("pentadbir", PASSWORD).status_code == 429


def test_a_log_in_does_not_clear_the_failures_of_others_with_the_account(account):
    fail("pentadbir", 3, "203.0.113.1")
    assert is_logged_in(log_in("pentadbir", PASSWORD))
    assert fail("pentadbir", 1, "203.0.113.1").status_code == 429


def plain(response) -> str:
    """The page without what differs at each request."""
    return re.sub(r"[A-Za-z0-9]{64}", "token", response.text)


def test_a_refusal_does_not_tell_whether_the_account_exists(account):
    def answers(name: str, address: str) -> list[tuple[int, str]]:
        responses = [log_in(name, "salah", address) for _ in range(6)]
        return [(item.status_code, plain(item).replace(name, "?")) for item in responses]

    assert answers("pentadbir", "192.0.2.1") == answers("tiada-orang", "192.0.2.2")


def test_no_password_is_checked_during_a_lock(account, monkeypatch):
    fail("pentadbir", 4)
    monkeypatch.setattr(User, "check_password", lambda *args: pytest.fail("was checked"))
    assert log_in("pentadbir", PASSWORD).status_code == 429


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ms", "Terlalu banyak percubaan log masuk yang gagal. Cuba lagi dalam 12 minit."),
        ("en", "Too many failed attempts to log in. Try again in 12 minutes."),
    ],
)
def test_the_log_in_page_says_how_long_to_wait_in_the_language_of_the_person(
    account, language, words
):
    fail("pentadbir", 4)
    minutes_earlier(3)
    client = Client()
    client.cookies["django_language"] = language
    form = {"username": "pentadbir", "password": PASSWORD}
    response = client.post("/admin/login/", form, REMOTE_ADDR=ADDRESS)
    assert words in response.text
    assert 'name="password"' in response.text
    assert 0 < int(response["Retry-After"]) <= 12 * 60


def test_the_wait_ends_as_soon_as_enough_failures_are_old_enough(account):
    fail("pentadbir", 1, "203.0.113.1")
    minutes_earlier(10)
    refused = fail("pentadbir", 3)
    assert refused.status_code == 429
    assert 4 * 60 < int(refused["Retry-After"]) <= 5 * 60
    minutes_earlier(5)
    assert is_logged_in(log_in("pentadbir", PASSWORD))


@pytest.mark.parametrize("path", ["/ms/_util/login/", "/en/_util/login/"])
def test_every_log_in_page_counts(account, path):
    fail("pentadbir", 4, path=path)
    assert log_in("pentadbir", PASSWORD, path=path).status_code == 429
    assert log_in("pentadbir", PASSWORD).status_code == 429


def test_an_administrator_can_end_a_lock_from_the_command_line(account):
    fail("pentadbir", 4)
    listed = StringIO()
    call_command("axes_list_attempts", stdout=listed)
    assert "pentadbir" in listed.getvalue()
    call_command("axes_reset_username", "pentadbir", stdout=StringIO())
    assert is_logged_in(log_in("pentadbir", PASSWORD))


def test_failures_and_locks_are_logged_on_one_line_without_the_password(account, caplog):
    forged = User.objects.create_user("penta\ndbir WARNING forged", password=PASSWORD)
    log_in(forged.username, "salah-sekali")
    fail("pentadbir", 4)
    messages = [record.getMessage() for record in caplog.records if record.name.startswith("axes")]
    assert any("Locking out 'pentadbir' from 198.51.100.7" in message for message in messages)
    assert any("penta" in message and "forged" in message for message in messages)
    assert not any("\n" in message or "salah" in message for message in messages)


def test_a_name_that_is_no_account_is_not_logged(account, caplog):
    """It may be a password, typed into the field for the name."""
    log_in(PASSWORD, "pentadbir")
    messages = [record.getMessage() for record in caplog.records if record.name.startswith("axes")]
    assert any("failure by an unknown name from 198.51.100.7" in message for message in messages)
    assert not any(PASSWORD in message for message in messages)


def test_no_password_is_stored_with_a_failure(account):
    log_in("pentadbir", "salah-sekali")
    [attempt] = AccessAttempt.objects.values_list("post_data", "get_data", "path_info")
    assert "salah" not in "".join(attempt)


@pytest.mark.parametrize(
    ("proxies", "peer", "forwarded", "counted"),
    [
        # Without a proxy, the header is the client's own invention.
        (0, "198.51.100.7", "203.0.113.1", "198.51.100.7"),
        (1, "10.0.0.1", "203.0.113.1", "203.0.113.1"),
        (1, "10.0.0.1", "192.0.2.1, 203.0.113.1", "203.0.113.1"),
        (2, "10.0.0.1", "192.0.2.1, 203.0.113.1, 10.0.0.2", "203.0.113.1"),
        (2, "10.0.0.1", "203.0.113.1", "203.0.113.1"),
        # The proxy in front sent no address.
        (1, "10.0.0.1", "", "10.0.0.1"),
        (1, "10.0.0.1", "203.0.113.1, unknown", "10.0.0.1"),
        # One customer has a whole IPv6 network.
        (0, "2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::"),
        (0, "::ffff:203.0.113.1", "", "203.0.113.1"),
        (0, "", "203.0.113.1", None),
    ],
)
def test_the_address_comes_from_the_trusted_proxy_alone(
    account, settings, proxies, peer, forwarded, counted
):
    settings.TRUSTED_PROXIES = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    log_in("pentadbir", "salah", peer, **headers)
    assert list(AccessAttempt.objects.values_list("ip_address", flat=True)) == [counted]


def test_clients_without_a_known_address_are_not_locked_out_together(account):
    for number in range(6):
        fail(f"orang{number}", 1, "")
    assert is_logged_in(log_in("pentadbir", PASSWORD, ""))
