"""Gives every user profile a language.

Wagtail reads an empty language as the active one. For an e-mail that is the language of the user
who caused it, not of the recipient.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.models.signals import post_migrate, pre_save
from wagtail.users.models import UserProfile

from cms.admin_language.languages import default_language


def register_signal_handlers() -> None:
    pre_save.connect(set_default_language, sender=UserProfile)
    post_migrate.connect(fill_empty_languages, sender=apps.get_app_config("wagtailusers"))


def set_default_language(instance: UserProfile, **_: Any) -> None:
    instance.preferred_language = instance.preferred_language or default_language()


def fill_empty_languages(using: str, **_: Any) -> None:
    """Profiles created before this app was installed need a language too."""
    UserProfile.objects.using(using).filter(preferred_language="").update(
        preferred_language=default_language()
    )
