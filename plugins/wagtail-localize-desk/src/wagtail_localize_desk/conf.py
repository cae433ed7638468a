"""The settings of this plugin, with their defaults."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Model


def review_by_second_person() -> bool:
    """Whether nobody approves the words that they wrote, publishers and superusers included."""
    return bool(getattr(settings, "WAGTAIL_LOCALIZE_DESK_REVIEW_BY_SECOND_PERSON", True))


def types_published_together() -> list[str]:
    """The labels of types that usually go public together with their translations.

    Such as `pages.ProfilePage`.
    """
    return list(getattr(settings, "WAGTAIL_LOCALIZE_DESK_PUBLISH_TOGETHER", ()))


def pages_at_once() -> int:
    """How many pages of a tree are submitted in one request; more are left to a worker.

    0 leaves none to it.
    """
    return int(getattr(settings, "WAGTAIL_LOCALIZE_DESK_PAGES_AT_ONCE", 5))


def publishes_together(model: type[Model]) -> bool:
    """Whether texts of this type usually go public together with their translations."""
    return model._meta.label in types_published_together()
