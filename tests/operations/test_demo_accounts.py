"""Demo accounts have random passwords, shown once, in development settings only."""

from __future__ import annotations

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import Group, User
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.test import RequestFactory
from django_otp.plugins.otp_totp.models import TOTPDevice
from wagtail.users.models import UserProfile

from cms.operations import demo_accounts, set_up
from cms.operations.console import demo_accounts_message
from tests.login.codes import give_app

pytestmark = pytest.mark.usefixtures("demo_groups")

#: The throttle of log-ins counts by the address of a request.
LOGIN = RequestFactory().post("/admin/login/")


@pytest.fixture
def development(settings) -> None:
    settings.DEMO_ACCOUNTS = True


@pytest.mark.usefixtures("development")
def test_only_the_first_start_creates_one_account_for_each_group():
    passwords = demo_accounts.create_at_first_start()
    assert set(passwords) == {"pegawai", "penerbit", "penterjemah", "pentadbir"}
    for name, password in passwords.items():
        user = authenticate(LOGIN, username=name, password=password)
        assert [group.name for group in user.groups.all()] == [demo_accounts.ACCOUNTS[name]]
        assert not user.is_superuser
        assert UserProfile.get_for_user(user).get_preferred_language() == "ms"
    hashes = set(User.objects.values_list("password", flat=True))
    assert demo_accounts.create_at_first_start() == {}
    assert set(User.objects.values_list("password", flat=True)) == hashes


@pytest.mark.usefixtures("development")
def test_passwords_are_long_and_unique():
    first = demo_accounts.renew()
    second = demo_accounts.renew()
    values = [*first.values(), *second.values()]
    assert len(set(values)) == len(values)
    assert all(len(value) >= 16 for value in values)


@pytest.mark.usefixtures("development")
def test_new_passwords_come_without_the_second_factor_of_whoever_tried_it_before():
    demo_accounts.renew()
    give_app(User.objects.get(username="pentadbir"))
    demo_accounts.renew()
    assert not TOTPDevice.objects.exists()


@pytest.mark.usefixtures("development")
def test_a_database_with_users_gets_no_accounts():
    User.objects.create_user("someone")
    assert demo_accounts.create_at_first_start() == {}
    assert User.objects.count() == 1


@pytest.mark.usefixtures("development")
def test_a_failure_leaves_no_account_behind():
    Group.objects.get(name="Pentadbir").delete()
    with pytest.raises(Group.DoesNotExist):
        demo_accounts.create_at_first_start()
    assert not User.objects.exists()


@pytest.mark.usefixtures("development")
def test_the_command_sets_and_prints_new_passwords(capsys):
    old = demo_accounts.create_at_first_start()
    call_command("demo_accounts")
    printed = capsys.readouterr().out
    head, *rows = [line.split(maxsplit=2) for line in printed.splitlines() if line[:2] == "  "]
    assert head == ["Account", "Password", "For"]
    new = {name: password for name, password, _purpose in rows}
    assert set(new) == set(old)
    for name in old:
        assert authenticate(LOGIN, username=name, password=old[name]) is None
        assert authenticate(LOGIN, username=name, password=new[name]) is not None


def test_the_table_says_what_each_account_is_for():
    table = demo_accounts_message(dict.fromkeys(demo_accounts.ACCOUNTS, "x" * 16))
    lines = [line for line in table.splitlines() if line.startswith("  ")]
    assert [line.split(maxsplit=2)[2] for line in lines[1:]] == [
        "communications officer: writes in Malay and submits for review",
        "publisher: reviews what others wrote and publishes it",
        "translator: translates what is written, into English",
        "administrator: accounts, groups and settings; may publish alone",
    ]
    assert len({line.index(line.split(maxsplit=2)[2]) for line in lines}) == 1, "columns align"
    assert max(map(len, lines)) <= 100


def test_other_settings_refuse_demo_accounts():
    with pytest.raises(CommandError, match="development settings only"):
        call_command("demo_accounts")
    with pytest.raises(ImproperlyConfigured, match="development settings only"):
        demo_accounts.renew()
    with pytest.raises(ImproperlyConfigured, match="development settings only"):
        demo_accounts.create_at_first_start()
    assert not User.objects.exists()


def test_set_up_in_other_settings_locks_accounts_of_a_copied_database(settings):
    settings.DEMO_ACCOUNTS = True
    passwords = demo_accounts.renew()
    own = User.objects.create_user("own", email="own@example.org", password="x")
    settings.DEMO_ACCOUNTS = False
    reported: list[str] = []
    assert set_up.update_demo_accounts(reported.append) == {}
    assert reported == ["Locked 4 demo accounts that came with this database."]
    for name, password in passwords.items():
        assert authenticate(LOGIN, username=name, password=password) is None
    own.refresh_from_db()
    assert own.is_active
    assert set_up.update_demo_accounts(reported.append) == {}
    assert len(reported) == 1
