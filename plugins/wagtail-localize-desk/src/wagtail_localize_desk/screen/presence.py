"""Who else has a translation open, by Wagtail's own editing sessions.

So those who have it open in Wagtail's ordinary editor are told as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.admin.utils import quote
from django.urls import reverse
from wagtail.models import Page

#: A session that does not exist; Wagtail begins one when it is told of it.
NEW_SESSION = 0


@dataclass(frozen=True)
class Presence:
    """Where a browser says that it is still there, and that it leaves."""

    ping_url: str
    release_url: str


def presence_of(instance: Any) -> Presence:
    """Where to say that somebody has `instance` open; the first time begins a session."""
    model = Page if isinstance(instance, Page) else type(instance)
    names = (model._meta.app_label, model._meta.model_name, quote(instance.pk), NEW_SESSION)
    return Presence(
        reverse("wagtailadmin_editing_sessions:ping", args=names),
        reverse("wagtailadmin_editing_sessions:release", args=[NEW_SESSION]),
    )
