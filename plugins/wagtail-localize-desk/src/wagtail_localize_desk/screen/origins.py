"""The pages and snippets that strings are of, and what somebody may know of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from wagtail_localize.models import get_edit_url

from wagtail_localize_desk.models import TranslatedString
from wagtail_localize_desk.rights import changeable
from wagtail_localize_desk.upstream_strings import with_upstream

#: A page or snippet in one language: its translation key and its locale.
Key = tuple[Any, int]


@dataclass(frozen=True)
class Origin:
    """Where a string stands: a title, and an address if the user may open it."""

    title: str
    url: str = ""
    language: str = ""


def targets_of(strings: Iterable[Any], user: Any = None) -> dict[Key, Any]:
    """The targets of strings from `with_upstream`, in one query for each type.

    With `user`, those that they may change or publish.
    """
    wanted: dict[int, set[Key]] = defaultdict(set)
    for string in strings:
        if string.content_type_id is not None:
            wanted[string.content_type_id].add((string.object_key, string.target_locale_id))
    found: dict[Key, Any] = {}
    for content_type, keys in wanted.items():
        model = ContentType.objects.get_for_id(content_type).model_class()
        if model is None:
            continue
        among: QuerySet[Any] = model._default_manager.all()
        if user is not None:
            among = among.filter(pk__in=changeable(user, model).order_by().values("pk"))
        targets = among.filter(
            translation_key__in={key for key, _locale in keys},
            locale__in={locale for _key, locale in keys},
        )
        found |= {(target.translation_key, target.locale_id): target for target in targets}
    return found


def origins_of(strings: Iterable[TranslatedString], user: Any) -> dict[int, Origin]:
    """Where each string stands, by primary key; the titles are those that `user` may see."""
    rows = list(with_upstream(TranslatedString.objects.filter(pk__in=[row.pk for row in strings])))
    targets = targets_of(rows, user)
    found = {}
    for row in rows:
        target = targets.get((row.object_key, row.target_locale_id))
        if target is not None:
            found[row.pk] = Origin(str(target), get_edit_url(target) or "", row.target_language)
        else:
            found[row.pk] = Origin(_("(deleted, or not yours to see)"))
    return found
