"""Members of the editors' groups, logged in."""

from __future__ import annotations

from itertools import count
from typing import Any

from django.contrib.auth.models import Group, User
from django.test import Client
from wagtail.users.models import UserProfile

OFFICER, PUBLISHER, TRANSLATOR = "Pegawai Komunikasi", "Penerbit", "Penterjemah"
ADMINISTRATOR = "Pentadbir"
_numbers = count(1)


def browser_of(group: str, name: str = "", language: str = "", **fields: Any) -> Client:
    """The client of a new member of `group`, who is its `user`.

    Without a language the admin is in the product's own. `fields` are those of the user.
    """
    name = name or f"ahli{next(_numbers)}"
    user = User.objects.create_user(name, f"{name}@example.test", **fields)
    user.groups.add(Group.objects.get(name=group))
    if language:
        UserProfile.objects.create(user=user, preferred_language=language)
    client = Client()
    client.force_login(user)
    client.user = user
    return client
