"""System checks: a project in which untranslated text would become public does not start."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core import checks
from django.db import connection
from wagtail.models import DraftStateMixin, Page, TranslatableMixin
from wagtail.snippets.models import get_snippet_models

from cms.translation import aliases, patches


def check_submitting_publishes_nothing(**kwargs: Any) -> list[checks.CheckMessage]:
    """wagtail-localize's default publishes the source's text as the translation."""
    if getattr(settings, "WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE", True):
        return [
            checks.Error(
                "Submitting a page or snippet for translation would publish it untranslated.",
                hint="Set WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE = False.",
                id="cms_translation.E001",
            )
        ]
    return []


def check_snippets_have_drafts(**kwargs: Any) -> list[checks.CheckMessage]:
    """A snippet without drafts is public from the moment it exists."""
    return [
        checks.Error(
            f"{model._meta.label} is translatable and has no drafts: submitting it for translation "
            "would make the untranslated copy public.",
            hint="Add DraftStateMixin and RevisionMixin to the model, or take TranslatableMixin "
            "from it.",
            obj=model,
            id="cms_translation.E002",
        )
        for model in get_snippet_models()
        if issubclass(model, TranslatableMixin) and not issubclass(model, DraftStateMixin)
    ]


def check_replacements_in_place(**kwargs: Any) -> list[checks.CheckMessage]:
    """What another app replaces in wagtail-localize, it takes from this one."""
    return [
        checks.Error(
            f"wagtail-localize's {replacement} is not the one of cms.translation: "
            f"{replacement.danger}.",
            hint="Remove the app that replaces it, or list cms.translation after that app.",
            id="cms_translation.E003",
        )
        for replacement in patches.missing()
    ]


def check_translations_are_followed(**kwargs: Any) -> list[checks.CheckMessage]:
    """In wagtail-localize's simple mode nothing knows which part of a text is translated."""
    project_mode = getattr(settings, "WAGTAIL_LOCALIZE_DEFAULT_TRANSLATION_MODE", "synced")
    if project_mode == "synced":
        return []
    return [
        checks.Warning(
            "New translations are detached from their source: once edited and published, their "
            "untranslated parts count as written in the translation's language.",
            hint='Set WAGTAIL_LOCALIZE_DEFAULT_TRANSLATION_MODE = "synced".',
            id="cms_translation.W001",
        )
    ]


def check_no_public_alias(
    databases: Sequence[str] | None = None, **kwargs: Any
) -> list[checks.CheckMessage]:
    """Aliases that were public before this plugin was installed; needs the database."""
    if "default" not in (databases or ()):
        return []
    if Page._meta.db_table not in connection.introspection.table_names():
        return []  # Before the first migration.
    return [
        checks.Error(
            f"The page at {page.url_path} (id {page.pk}) is an alias of a page in another language "
            "and is public.",
            hint="Unpublish it in the page explorer, or translate it.",
            id="cms_translation.E004",
        )
        for page in aliases.public_aliases()
    ]


def register() -> None:
    """Make the checks part of `manage.py check`."""
    for check in (
        check_submitting_publishes_nothing,
        check_snippets_have_drafts,
        check_replacements_in_place,
        check_translations_are_followed,
    ):
        checks.register(check, "translation")
    checks.register(check_no_public_alias, checks.Tags.database)
