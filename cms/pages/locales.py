"""A locale for each language of the content."""

from __future__ import annotations

from typing import Any

from django.apps import apps as current_apps
from django.apps.registry import Apps
from django.conf import settings


def create_missing_locales(*, using: str, apps: Apps = current_apps, **kwargs: Any) -> None:
    """After each `migrate`: a row for every language in WAGTAIL_CONTENT_LANGUAGES.

    A language is so switched on by its setting alone. None is ever removed: content may stand in
    it. `apps` are the models as migrated so far, perhaps without locales; `flush` gives none.
    """
    try:
        locale_model = apps.get_model("wagtailcore", "Locale")
    except LookupError:
        return
    for language_code, _name in settings.WAGTAIL_CONTENT_LANGUAGES:
        locale_model.objects.using(using).get_or_create(language_code=language_code)
