"""Selects the translation of an Act that a reference shows."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.conf import settings
from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.utils.translation import get_language
from wagtail.coreutils import get_supported_content_language_variant

from cms.snippets.models import Act


def translation_key(identity: object) -> UUID | None:
    """`identity` as a translation key, or None if it is not one."""
    try:
        return UUID(str(identity))
    except ValueError:
        return None


def reading_language() -> str:
    """The content language being rendered, or the source language."""
    try:
        return get_supported_content_language_variant(get_language() or settings.LANGUAGE_CODE)
    except LookupError:
        return get_supported_content_language_variant(settings.LANGUAGE_CODE)


def public_acts(language: str, without: Collection[int] = ()) -> QuerySet[Act]:
    """Each published Act once: in `language`, else in the source language, else in any other.

    `without` has the primary keys of those that count as not published.
    """
    source_language = get_supported_content_language_variant(settings.LANGUAGE_CODE)
    acts = (
        Act.objects.filter(live=True)
        .exclude(pk__in=without)
        .alias(
            distance=Case(
                When(locale__language_code=language, then=Value(0)),
                When(locale__language_code=source_language, then=Value(1)),
                default=Value(2),
                output_field=IntegerField(),
            )
        )
    )
    closer = acts.filter(translation_key=OuterRef("translation_key")).filter(
        Q(distance__lt=OuterRef("distance"))
        | Q(distance=OuterRef("distance"), pk__lt=OuterRef("pk"))
    )
    return acts.filter(~Exists(closer)).select_related("locale")


def public_act(identity: object, language: str) -> Act | None:
    """The published Act that a reference with this identity shows in `language`, if any."""
    key = translation_key(identity)
    return public_acts(language).filter(translation_key=key).first() if key else None


def public_acts_by_key(
    keys: Collection[UUID], language: str, without: Collection[int] = ()
) -> dict[UUID, Act]:
    """Like `public_act`, for many references in one query; see `public_acts`."""
    if not keys:
        return {}
    acts = public_acts(language, without).filter(translation_key__in=keys)
    return {act.translation_key: act for act in acts}
