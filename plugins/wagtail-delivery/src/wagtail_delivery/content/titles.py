"""The title of an instance in the API, and its language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import models

from wagtail_delivery.content.text_provenance import variants_without
from wagtail_delivery.content.translation_status import TranslationStatus


def title_of(instance: models.Model) -> str:
    """The title of `instance` in lists: its `title`, or `str(instance)`."""
    return str(getattr(instance, "title", None) or instance)


def untranslated_title_language(
    instance: models.Model, status: TranslationStatus, title: Callable[[Any], str] = title_of
) -> str:
    """The language of the untranslated text that `title(instance)` comes from; "" without one."""
    for language, paths in status.untranslated_by_language().items():
        if is_title_of(instance, paths, title):
            return language
    return ""


def is_title_of(
    instance: models.Model, paths: frozenset[str], title: Callable[[Any], str] = title_of
) -> bool:
    """Whether `title(instance)` comes from any text at these content paths."""
    if not paths:
        return False
    whole = title(instance)
    return any(made != whole for made in variants_without(title, instance, paths))
