"""System checks; a project that would publish untranslated text does not start."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core import checks
from django.db import connection, models
from modelcluster.models import ClusterableModel, get_all_child_relations
from wagtail.fields import StreamField
from wagtail.models import (
    COMMENTS_RELATION_NAME,
    DraftStateMixin,
    Page,
    TranslatableMixin,
    get_translatable_models,
)
from wagtail.snippets.models import get_snippet_models
from wagtail_localize.models import Translation

from wagtail_localize_desk import aliases, conf, older_translations, patches
from wagtail_localize_desk.draft_copies import starts_as_draft
from wagtail_localize_desk.models import RevisionTexts

#: Fields with words of a language, but for the second.
TEXT_FIELDS = (models.CharField, models.TextField, StreamField)
NO_PROSE = (models.EmailField, models.SlugField, models.URLField)


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


def check_children_are_translatable(**kwargs: Any) -> list[checks.CheckMessage]:
    """Inline children without a translation key are copied with the words of the source."""
    return [
        checks.Warning(
            f"{child._meta.label} has texts, and is not translatable. Translations of "
            f"{model._meta.label} show them in the language of their source.",
            hint="Add TranslatableMixin to the model.",
            obj=child,
            id="wagtail_localize_desk.W004",
        )
        for model in get_translatable_models(include_subclasses=True)
        if issubclass(model, ClusterableModel)
        for child in dict.fromkeys(
            relation.related_model
            for relation in get_all_child_relations(model)
            if relation.name != COMMENTS_RELATION_NAME
        )
        if not issubclass(child, TranslatableMixin) and _has_texts(child)
    ]


def _has_texts(model: Any) -> bool:
    """Whether editors write words in a model's own fields."""
    return any(
        isinstance(field, TEXT_FIELDS) and not isinstance(field, NO_PROSE) and not field.choices
        for field in model._meta.local_fields
        if field.editable
    )


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


def check_types_published_together(**kwargs: Any) -> list[checks.CheckMessage]:
    """A misspelt type would go public before its translations."""
    types = {
        model._meta.label
        for model in apps.get_models()
        if issubclass(model, TranslatableMixin) and issubclass(model, DraftStateMixin)
    }
    return [
        checks.Error(
            f"WAGTAIL_LOCALIZE_DESK_PUBLISH_TOGETHER has {label!r}, which is no type of "
            "translatable content with drafts.",
            hint=f"Use labels such as {min(types, default='pages.ArticlePage')!r}.",
            id="wagtail_localize_desk.E005",
        )
        for label in conf.types_published_together()
        if label not in types
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


def check_translations_are_recorded(
    databases: Sequence[str] | None = None, **kwargs: Any
) -> list[checks.CheckMessage]:
    """Translations may be older than this plugin; needs the database."""
    if "default" not in (databases or ()):
        return []
    tables = connection.introspection.table_names()
    if not {model._meta.db_table for model in (Translation, RevisionTexts)} <= {*tables}:
        return []  # Before the first migration.
    count = older_translations.unrecorded().count()
    if not count:
        return []
    return [
        checks.Warning(
            f"{count} translation(s) are not recorded, and count as written in their own language.",
            hint="Run manage.py record_translations.",
            id="wagtail_localize_desk.W003",
        )
    ]


def register() -> None:
    """Register the checks for `manage.py check`."""
    for check in (
        check_children_are_translatable,
        check_submitting_publishes_nothing,
        check_snippets_have_drafts,
        check_patches_applied,
        check_translations_are_synced,
        check_types_published_together,
    ):
        checks.register(check, "translation")
    checks.register(check_no_public_alias, checks.Tags.database)
    checks.register(check_translations_are_recorded, checks.Tags.database)
