"""A locale for each language of the content."""

from __future__ import annotations

from typing import Any

from django.apps import apps as current_apps
from django.apps.registry import Apps
from django.conf import settings


def create_missing_locales(*, using: str, apps: Apps = current_apps, **kwargs: Any) -> None:
    """After each `migrate`, create a locale for every language in WAGTAIL_CONTENT_LANGUAGES.

    The setting alone thus enables a language. Locales are never removed, as they may have content.
    `apps` are the models migrated so far, perhaps without locales; `flush` passes none.
    """
    try:
        locale_model = apps.get_model("wagtailcore", "Locale")
    except LookupError:
        return
    for language_code, _name in settings.WAGTAIL_CONTENT_LANGUAGES:
        locale_model.objects.using(using).get_or_create(language_code=language_code)
