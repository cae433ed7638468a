"""Who must have a second factor."""

from __future__ import annotations

from typing import Any

from django.conf import settings

ADMINISTRATORS, ALL = "administrators", "all"
#: With one of these, a person can get any other right.
ADMINISTRATION = ("auth.change_user", "auth.add_user", "auth.change_group", "auth.add_group")


def is_required(user: Any) -> bool:
    """Whether `settings.REQUIRE_SECOND_FACTOR` covers `user`."""
    required = settings.REQUIRE_SECOND_FACTOR
    if required == ADMINISTRATORS:
        return any(user.has_perm(permission) for permission in ADMINISTRATION)
    return bool(required == ALL)
