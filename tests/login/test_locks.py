"""Administrators see who is refused, and let them in again."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group, User
from django.test import Client
from wagtail.models import ModelLogEntry

from cms.editors.groups import ADMINISTRATORS, ensure_groups
from cms.login.models import SharedPasswordFailure
from tests.login.attempts import ADDRESS, PASSWORD, fail, log_in
from tests.login.codes import give_app, wrong_code
from tests.login.test_second_factor import CODE, use_language
from tests.login.test_shared_passwords import make_restriction, send

pytestmark = pytest.mark.usefixtures("limits")

LIST = "/admin/reports/failed-log-ins/"


@pytest.fixture
def person(db) -> User:
    return User.objects.create_superuser("pegawai", password=PASSWORD)


@pytest.fixture
def administrator(db) -> Client:
    """An administrator who is no superuser."""
    ensure_groups()
    user = User.objects.create_user("ketua")
    user.groups.add(Group.objects.get(name=ADMINISTRATORS))
    use_language(user, "en")
    client = Client()
    client.force_login(user)
    return client


def rows(client: Client) -> list[list[str]]:
    """The words of each row of the report."""
    page = BeautifulSoup(client.get(LIST).text, "html.parser")
    found = page.select("table.listing tbody tr")
    return [[" ".join(cell.get_text(" ").split()) for cell in row.find_all("td")] for row in found]


def unlock(client: Client, kind: str, key: object):
    return client.post(LIST, {"kind": kind, "key": key})


def test_the_report_says_so_when_nothing_has_failed(administrator):
    page = administrator.get(LIST).text
    assert "No log-in has failed lately, and nobody is refused." in page
    assert LIST in administrator.get("/admin/").text


def test_the_report_has_accounts_and_addresses_with_the_end_of_their_locks(administrator, person):
    fail("pegawai", 2, ADDRESS)
    fail("pegawai", 2, "203.0.113.1")
    first, second, _third = rows(administrator)
    assert first[0] == "pegawai Log-ins with this account"
    assert first[1].startswith("4 ")
    assert re.match(r"\d", first[2])
    assert second[0] == "203.0.113.1 Log-ins from this address"
    assert second[2].startswith("Not refused")


def test_an_administrator_lets_an_account_in_again(administrator, person):
    fail("pegawai", 4)
    assert log_in("pegawai", PASSWORD).status_code == 429
    page = administrator.get(LIST).text
    assert f'name="key" value="{person.pk}"' in page
    assert unlock(administrator, "account", person.pk).status_code == 302
    assert log_in("pegawai", PASSWORD).status_code == 302
    entry = ModelLogEntry.objects.get(action="cms.login.unlock")
    assert (entry.user.username, entry.object_id) == ("ketua", str(person.pk))
    assert (
        "already"
        in administrator.post(LIST, {"kind": "account", "key": person.pk}, follow=True).text
    )


def test_an_administrator_lets_an_address_in_again(administrator, person, caplog):
    for number in range(6):
        fail(f"orang{number}", 1)
    assert log_in("pegawai", PASSWORD).status_code == 429
    [row] = rows(administrator)
    assert row[0] == f"{ADDRESS} Log-ins from this address"
    unlock(administrator, "address", ADDRESS)
    assert log_in("pegawai", PASSWORD).status_code == 302
    assert any(ADDRESS in record.getMessage() for record in caplog.records)


def test_a_name_that_is_no_account_is_never_shown(administrator, person):
    """It may be a password in the wrong field."""
    fail("kata-laluan-saya", 5)
    page = administrator.get(LIST).text
    assert "kata-laluan-saya" not in page
    assert ADDRESS in page


def test_old_failures_are_not_in_the_report(administrator, person):
    fail("pegawai", 4)
    for attempt in AccessAttempt.objects.all():
        attempt.attempt_time -= timedelta(minutes=15)
        attempt.save()
    assert rows(administrator) == []


def test_wrong_codes_are_in_the_report_and_their_wait_can_be_ended(administrator):
    officer = User.objects.create_user("penulis")
    device = give_app(officer)
    client = Client()
    client.force_login(officer)
    client.post(CODE, {"code": wrong_code()})
    [row] = rows(administrator)
    assert row[0] == "penulis Codes of this account"
    unlock(administrator, "code", officer.pk)
    device.refresh_from_db()
    assert device.throttling_failure_count == 0


def test_only_a_superuser_ends_the_wait_for_the_codes_of_one(administrator, person):
    device = give_app(person)
    client = Client()
    client.force_login(person)
    client.post(CODE, {"code": wrong_code()})
    unlock(administrator, "code", person.pk)
    device.refresh_from_db()
    assert device.throttling_failure_count == 1


def test_wrong_shared_passwords_are_in_the_report(administrator):
    restriction = make_restriction()
    for _ in range(4):
        send(restriction, "salah")
    [row] = rows(administrator)
    assert row[0] == f"{ADDRESS} Shared passwords from this address"
    assert "Not refused" not in row[2]
    unlock(administrator, "shared-password", ADDRESS)
    assert not SharedPasswordFailure.objects.exists()


@pytest.mark.parametrize(
    ("kind", "key"),
    [("account", "x"), ("account", ""), ("account", "999"), ("code", "½"), ("x", "1"), ("", "")],
)
def test_what_is_no_lock_is_no_error(administrator, person, kind, key):
    fail("pegawai", 1)
    assert unlock(administrator, kind, key).status_code == 302
    assert AccessAttempt.objects.count() == 1


@pytest.mark.parametrize("group", ["Pegawai Komunikasi", "Penerbit", "Penterjemah"])
def test_others_neither_see_the_report_nor_end_locks(administrator, person, group):
    fail("pegawai", 4)
    user = User.objects.create_user("lain")
    user.groups.add(Group.objects.get(name=group))
    client = Client()
    client.force_login(user)
    assert client.get(LIST).status_code == 302
    assert "198.51.100.7" not in client.get(LIST, follow=True).text
    assert LIST not in client.get("/admin/").text
    unlock(client, "account", person.pk)
    assert AccessAttempt.objects.exists()


def test_locks_end_by_a_form_of_this_site_alone(administrator, person):
    fail("pegawai", 1)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = administrator.cookies
    assert unlock(strict, "account", person.pk).status_code == 403
    assert AccessAttempt.objects.exists()
