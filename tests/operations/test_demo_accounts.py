"""Demo accounts: random passwords, once, in development settings only."""

from __future__ import annotations

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import Group, User
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from wagtail.users.models import UserProfile

from cms.operations import demo_accounts, set_up

pytestmark = pytest.mark.usefixtures("demo_groups")


@pytest.fixture
def development(settings) -> None:
    settings.DEMO_ACCOUNTS = True


@pytest.mark.usefixtures("development")
def test_the_first_start_makes_one_account_for_each_group_and_later_starts_none():
    passwords = demo_accounts.create_at_first_start()
    assert set(passwords) == {"pegawai", "penerbit", "penterjemah", "pentadbir"}
    for name, password in passwords.items():
        user = authenticate(username=name, password=password)
        assert [group.name for group in user.groups.all()] == [demo_accounts.ACCOUNTS[name]]
        assert not user.is_superuser
        assert UserProfile.get_for_user(user).get_preferred_language() == "ms"
    hashes = set(User.objects.values_list("password", flat=True))
    assert demo_accounts.create_at_first_start() == {}
    assert set(User.objects.values_list("password", flat=True)) == hashes


@pytest.mark.usefixtures("development")
def test_passwords_are_long_and_never_the_same():
    first = demo_accounts.renew()
    second = demo_accounts.renew()
    values = [*first.values(), *second.values()]
    assert len(set(values)) == len(values)
    assert all(len(value) >= 16 for value in values)


@pytest.mark.usefixtures("development")
def test_a_database_with_users_gets_none():
    User.objects.create_user("someone")
    assert demo_accounts.create_at_first_start() == {}
    assert User.objects.count() == 1


@pytest.mark.usefixtures("development")
def test_a_failure_half_way_leaves_no_account_behind():
    Group.objects.get(name="Pentadbir").delete()
    with pytest.raises(Group.DoesNotExist):
        demo_accounts.create_at_first_start()
    assert not User.objects.exists()


@pytest.mark.usefixtures("development")
def test_the_command_gives_new_passwords_and_prints_them(capsys):
    old = demo_accounts.create_at_first_start()
    call_command("demo_accounts")
    printed = capsys.readouterr().out
    rows = [line.split() for line in printed.splitlines() if line.startswith("  ")]
    new = dict(rows)
    assert set(new) == set(old)
    for name in old:
        assert authenticate(username=name, password=old[name]) is None
        assert authenticate(username=name, password=new[name]) is not None


def test_other_settings_refuse_them():
    with pytest.raises(CommandError, match="development settings only"):
        call_command("demo_accounts")
    with pytest.raises(ImproperlyConfigured, match="development settings only"):
        demo_accounts.renew()
    with pytest.raises(ImproperlyConfigured, match="development settings only"):
        demo_accounts.create_at_first_start()
    assert not User.objects.exists()


def test_setting_up_elsewhere_locks_those_that_a_copied_database_brought(settings):
    settings.DEMO_ACCOUNTS = True
    passwords = demo_accounts.renew()
    own = User.objects.create_user("own", email="own@example.org", password="x")
    settings.DEMO_ACCOUNTS = False
    said: list[str] = []
    assert set_up.accounts(said.append) == {}
    assert said == ["Locked 4 demo accounts that came with this database."]
    for name, password in passwords.items():
        assert authenticate(username=name, password=password) is None
    own.refresh_from_db()
    assert own.is_active
    assert set_up.accounts(said.append) == {}
    assert len(said) == 1
