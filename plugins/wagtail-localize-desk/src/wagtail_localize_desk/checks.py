"""System checks; a project that would publish untranslated text does not start."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core import checks
from django.db import connection
from wagtail.models import Page, TranslatableMixin
from wagtail.snippets.models import get_snippet_models

from wagtail_localize_desk import aliases, patches
from wagtail_localize_desk.draft_copies import starts_as_draft


def check_submitting_publishes_nothing(**kwargs: Any) -> list[checks.CheckMessage]:
    """By default wagtail-localize publishes the source's text as its translation."""
    if getattr(settings, "WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE", True):
        return [
            checks.Error(
                "Submitting a page or snippet for translation would publish it untranslated.",
                hint="Set WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE = False.",
                id="wagtail_localize_desk.E001",
            )
        ]
    return []


def check_snippets_have_drafts(**kwargs: Any) -> list[checks.CheckMessage]:
    """A snippet without drafts is public as soon as it is saved, so it is never submitted."""
    return [
        checks.Warning(
            f"{model._meta.label} is translatable but has no drafts. It cannot be submitted for "
            "translation, because the untranslated copy would be public.",
            hint="Add DraftStateMixin and RevisionMixin to the model, or remove TranslatableMixin.",
            obj=model,
            id="wagtail_localize_desk.W002",
        )
        for model in get_snippet_models()
        if issubclass(model, TranslatableMixin) and not starts_as_draft(model)
    ]


def check_patches_applied(**kwargs: Any) -> list[checks.CheckMessage]:
    """Another app can replace an attribute that this plugin has patched."""
    return [
        checks.Error(
            f"Another app has replaced wagtail-localize's {patch}: {patch.risk}.",
            hint="Remove that app, or list wagtail_localize_desk after it in INSTALLED_APPS.",
            id="wagtail_localize_desk.E003",
        )
        for patch in patches.missing()
    ]


def check_translations_are_synced(**kwargs: Any) -> list[checks.CheckMessage]:
    """In wagtail-localize's simple mode, nothing records which texts are translated."""
    project_mode = getattr(settings, "WAGTAIL_LOCALIZE_DEFAULT_TRANSLATION_MODE", "synced")
    if project_mode == "synced":
        return []
    return [
        checks.Warning(
            "New translations are not synced with their source: once edited and published, their "
            "untranslated parts count as written in the translation's language.",
            hint='Set WAGTAIL_LOCALIZE_DEFAULT_TRANSLATION_MODE = "synced".',
            id="wagtail_localize_desk.W001",
        )
    ]


def check_no_public_alias(
    databases: Sequence[str] | None = None, **kwargs: Any
) -> list[checks.CheckMessage]:
    """Aliases may have been public before this plugin was installed; needs the database."""
    if "default" not in (databases or ()):
        return []
    if Page._meta.db_table not in connection.introspection.table_names():
        return []  # Before the first migration.
    return [
        checks.Error(
            f"The page at {page.url_path} (id {page.pk}) is an alias of a page in another locale "
            "and is public.",
            hint="Unpublish it in the page explorer, or translate it.",
            id="wagtail_localize_desk.E004",
        )
        for page in aliases.public_aliases()
    ]


def register() -> None:
    """Register the checks for `manage.py check`."""
    for check in (
        check_submitting_publishes_nothing,
        check_snippets_have_drafts,
        check_patches_applied,
        check_translations_are_synced,
    ):
        checks.register(check, "translation")
    checks.register(check_no_public_alias, checks.Tags.database)
