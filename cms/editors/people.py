"""The people to ask. Their names are for those who are logged in to the admin."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

#: The most people that a sentence names.
NAMED = 4


def active(users: QuerySet[Any]) -> QuerySet[Any]:
    """Those of `users` who can still log in, by name."""
    people = get_user_model()._default_manager.filter(pk__in=users.values("pk"), is_active=True)
    return people.order_by("first_name", "last_name", "username")


def name_of(person: Any) -> str:
    """The name of a person, or of their account."""
    return person.get_full_name() or person.get_username()


def in_words(people: Iterable[Any]) -> str:
    """The names in a sentence; empty if there is nobody."""
    names = [name_of(person) for person in people]
    if len(names) > NAMED:
        return _("%(names)s and others") % {"names": ", ".join(names[:NAMED])}
    return get_text_list(names) if names else ""
