"""Demo accounts: one for each group, with a random password.

Only development settings allow them (`DEMO_ACCOUNTS`); other settings refuse and lock them.
"""

from __future__ import annotations

import secrets

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, User
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

from cms.editors import groups
from cms.login.second_factor import devices

# Marks the accounts; no mail can reach this domain.
DOMAIN = "demo.invalid"
# User name to group; the user names are the roles in Malay.
ACCOUNTS = {
    "pegawai": groups.OFFICER.name,
    "penerbit": groups.PUBLISHER.name,
    "penterjemah": groups.TRANSLATOR.name,
    "pentadbir": groups.ADMINISTRATORS,
}
# What each is for, as it is printed beside its password.
PURPOSES = {
    "pegawai": "communications officer: writes in Malay and submits for review",
    "penerbit": "publisher: reviews what others wrote and publishes it",
    "penterjemah": "translator: translates what is written, into English",
    "pentadbir": "administrator: accounts, groups and settings; may publish alone",
}


def create_at_first_start() -> dict[str, str]:
    """Create the accounts if there is no user yet; return user names with passwords."""
    if get_user_model().objects.exists():
        return {}
    return renew()


def renew() -> dict[str, str]:
    """Create the accounts or reset their passwords; return user names with passwords.

    Raises `ImproperlyConfigured` outside development settings, and `Group.DoesNotExist` if the
    groups have not been created.
    """
    if not settings.DEMO_ACCOUNTS:
        raise ImproperlyConfigured("Demo accounts are available in development settings only.")
    passwords = {name: secrets.token_urlsafe(12) for name in ACCOUNTS}
    with transaction.atomic():
        for name, password in passwords.items():
            _renew_one(name, password)
    return passwords


def _renew_one(name: str, password: str) -> None:
    user, _created = User.objects.get_or_create(
        username=name, defaults={"email": f"{name}@{DOMAIN}", "first_name": ACCOUNTS[name]}
    )
    user.is_active = True
    user.set_password(password)
    user.save()
    user.groups.add(Group.objects.get(name=ACCOUNTS[name]))
    # Whoever tries the product may have lost the telephone that it was tried with before.
    devices.remove(user)


def lock() -> int:
    """Lock demo accounts that came with a copied database; return how many were active."""
    return User.objects.filter(email__endswith=f"@{DOMAIN}", is_active=True).update(is_active=False)
