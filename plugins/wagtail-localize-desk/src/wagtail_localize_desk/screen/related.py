"""The other snippets that a text shows, and how far they are translated."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.admin.utils import quote
from django.db.models import Count, Q
from django.urls import reverse
from wagtail.models import Page
from wagtail.snippets.models import get_snippet_models
from wagtail_localize.models import RelatedObjectSegment, Translation, get_edit_url

from wagtail_localize_desk.models import TranslatedString
from wagtail_localize_desk.open_strings import OPEN
from wagtail_localize_desk.rights import may_see
from wagtail_localize_desk.screen.places import Place, Places


@dataclass
class RelatedRow:
    """A related page or snippet."""

    place: Place
    order: int
    #: Their titles, or their type where the user may not see them; None if there is none.
    source_title: str | None
    target_title: str | None
    edit_url: str = ""
    submit_url: str = ""
    #: The strings of its translation, and those of them that are open; None without one.
    strings: int | None = None
    open_strings: int = 0
    number: int = 0
    kind: str = "related"

    @property
    def name(self) -> str:
        return f"{self.number}. {self.place.full_name}"


def related_of(translation: Translation, model: type[Any], user: Any) -> list[RelatedRow]:
    """The related objects, with a fixed number of queries for each of their types."""
    segments = list(
        RelatedObjectSegment.objects.filter(source=translation.source_id)
        .select_related("context", "object")
        .order_by("order")
    )
    if not segments:
        return []
    instances = _instances(segments, translation)
    counts = _counts(segments, translation)
    places = Places(model)
    rows = []
    for segment in segments:
        place = places.at(segment.context.path, segment.context.field_path)
        if not place.has_panel:
            continue
        key = segment.object.pk
        source = instances.get((key, translation.source.locale_id))
        target = instances.get((key, translation.target_locale_id))
        row = RelatedRow(place, segment.order, _title(user, source), _title(user, target))
        if target is not None:
            row.edit_url = get_edit_url(target) or ""
            row.strings, row.open_strings = counts.get(key, (None, 0))
        elif source is not None and user.has_perm("wagtail_localize.submit_translation"):
            row.submit_url = _submit_url(source)
        rows.append(row)
    return rows


def _instances(
    segments: Iterable[RelatedObjectSegment], translation: Translation
) -> dict[tuple[Any, int], Any]:
    """The sources and targets by translation key and locale."""
    keys: dict[Any, set[Any]] = defaultdict(set)
    for segment in segments:
        keys[segment.object.content_type_id].add(segment.object.pk)
    found: dict[tuple[Any, int], Any] = {}
    models = {segment.object.content_type_id: segment.object for segment in segments}
    for content_type, of_type in keys.items():
        model = models[content_type].content_type.model_class()
        rows = model._default_manager.filter(
            translation_key__in=of_type,
            locale__in=[translation.source.locale_id, translation.target_locale_id],
        )
        found |= {(row.translation_key, row.locale_id): row for row in rows}
    return found


def _counts(
    segments: Iterable[RelatedObjectSegment], translation: Translation
) -> dict[Any, tuple[int, int]]:
    rows = TranslatedString.objects.filter(
        object_key__in={segment.object.pk for segment in segments},
        target_language=translation.target_locale.language_code,
        number__isnull=False,
    )
    counted = rows.order_by().values("object_key")
    counted = counted.annotate(all=Count("pk"), open=Count("pk", filter=Q(state__in=OPEN)))
    return {row["object_key"]: (row["all"], row["open"]) for row in counted}


def _title(user: Any, instance: Any) -> str | None:
    """The title, or the type of what the user may not see."""
    if instance is None:
        return None
    return str(instance if may_see(user, instance) else instance._meta.verbose_name)


def _submit_url(source: Any) -> str:
    if isinstance(source, Page):
        return reverse("wagtail_localize:submit_page_translation", args=[source.pk])
    if source._meta.model not in get_snippet_models():
        return ""
    names = [source._meta.app_label, source._meta.model_name, quote(source.pk)]
    return reverse("wagtail_localize:submit_snippet_translation", args=names)
