"""The strings that somebody may change, of all translations."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from wagtail.models import get_translatable_models
from wagtail.permissions import policy_registry
from wagtail_localize.models import Translation

from wagtail_localize_desk.models import TranslatedString


def own_strings(user: Any, languages: Iterable[str]) -> QuerySet[TranslatedString]:
    """The strings in use of translations in use, of what `user` may change, in these languages."""
    own = Q(pk__in=[])
    languages = list(languages)
    for model in get_translatable_models():
        policy = policy_registry.get_by_type(model)
        targets = policy.instances_user_has_permission_for(user, "change").order_by()
        for language in languages:
            keys = targets.filter(locale__language_code=language).values("translation_key")
            own |= Q(target_language=language, object_key__in=keys)
    enabled = Translation.objects.filter(
        enabled=True,
        source__object_id=OuterRef("object_key"),
        target_locale__language_code=OuterRef("target_language"),
    )
    return TranslatedString.objects.filter(own, Exists(enabled), number__isnull=False)
