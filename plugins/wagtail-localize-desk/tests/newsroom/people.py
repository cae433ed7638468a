"""Users with rights on the content of one language, and their browsers."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from typing import Any

from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from wagtail.models import GroupPagePermission, Page

_numbers = count(1)


def member(
    *, pages: Page | None = None, actions: Iterable[str] = (), models: Iterable[str] = ()
) -> User:
    """A user in a group of their own.

    `actions` are rights on `pages` and below; `models` are codenames of other permissions.
    """
    number = next(_numbers)
    user = User.objects.create_user(f"member-{number}", email=f"member-{number}@example.org")
    group = Group.objects.create(name=f"group-{number}")
    names = ["access_admin", "submit_translation", *models]
    group.permissions.set(Permission.objects.filter(codename__in=names))
    if pages is not None:
        for action in actions:
            permission = Permission.objects.get(
                content_type__app_label="wagtailcore", codename=f"{action}_page"
            )
            GroupPagePermission.objects.create(group=group, page=pages, permission=permission)
    user.groups.add(group)
    return user


def translator_of(home: Page) -> User:
    return member(pages=home, actions=["change"], models=["change_topic"])


def publisher_of(home: Page) -> User:
    return member(
        pages=home,
        actions=["change", "publish", "lock", "unlock"],
        models=["change_topic", "publish_topic"],
    )


def browser_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client
