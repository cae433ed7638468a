"""Each account has a language of its own.

Wagtail takes an empty one for the language of the moment, which for an e-mail is that of whoever
caused it. So none is left empty.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.models.signals import post_migrate, pre_save
from wagtail.users.models import UserProfile

from cms.admin_language import default_language


def connect() -> None:
    pre_save.connect(_give_language, sender=UserProfile)
    post_migrate.connect(_give_languages, sender=apps.get_app_config("wagtailusers"))


def _give_language(instance: UserProfile, **_: Any) -> None:
    instance.preferred_language = instance.preferred_language or default_language()


def _give_languages(using: str, **_: Any) -> None:
    """Also to profiles that are older than this app."""
    UserProfile.objects.using(using).filter(preferred_language="").update(
        preferred_language=default_language()
    )
