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


def is_title_untranslated(
    instance: models.Model, status: TranslationStatus, title: Callable[[Any], str] = title_of
) -> bool:
    """Whether `title(instance)` comes from any text that is still in the source language."""
    return is_title_of(instance, status.untranslated, title)


def is_title_of(
    instance: models.Model, paths: frozenset[str], title: Callable[[Any], str] = title_of
) -> bool:
    """Whether `title(instance)` comes from any text at these content paths."""
    if not paths:
        return False
    whole = title(instance)
    return any(made != whole for made in variants_without(title, instance, paths))
