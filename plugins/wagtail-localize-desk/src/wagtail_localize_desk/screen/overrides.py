"""Values that are no strings - links, pictures, files, pages - and may differ in a translation."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import Model, OuterRef, Subquery
from django.urls import reverse
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.shortcuts import get_rendition_or_not_found
from wagtail.models import Page
from wagtail.permissions import policy_registry
from wagtail_localize.models import OverridableSegment, SegmentOverride, Translation
from wagtail_localize.views.edit_translation import (
    FieldHasNoEditPanelError,
    TabHelper,
    get_segment_location_info,
)

from wagtail_localize_desk.rights import listed, may_see
from wagtail_localize_desk.screen.places import Place, Places

THUMBNAIL = "max-165x165"


@dataclass
class OverrideRow:
    """A value of the source, and what the translation has in its place."""

    segment_id: int
    place: Place
    order: int
    edit_url: str
    #: wagtail-localize's widget: its type, and what may be chosen.
    widget: dict[str, Any]
    source_value: Any
    override: Any = None
    is_overridden: bool = False
    error: str = ""
    number: int = 0
    #: The titles, pictures and addresses of chosen things that the user may see.
    chosen: dict[str, Any] = field(default_factory=dict)
    kind: str = "override"

    @property
    def value(self) -> Any:
        return self.override if self.is_overridden else self.source_value

    @property
    def name(self) -> str:
        return f"{self.number}. {self.place.full_name}"

    @property
    def is_text(self) -> bool:
        return bool(self.widget["type"] == "text")

    @property
    def is_chooser(self) -> bool:
        return bool(self.widget["type"] in _CHOOSERS)

    @property
    def chooser_url(self) -> str:
        name = _CHOOSERS[self.widget["type"]]
        return reverse(name) if name else self.widget["chooser_url"]

    @property
    def page_types(self) -> str:
        return ",".join(self.widget.get("allowed_page_types", ()))

    @property
    def model(self) -> type[Model] | None:
        """The type of what is chosen there."""
        kind = self.widget["type"]
        if kind == "snippet_chooser":
            names = self.widget["snippet_model"]
            return apps.get_model(names["app_label"], names["model_name"])
        found = {
            "page_chooser": lambda: Page,
            "image_chooser": get_image_model,
            "document_chooser": get_document_model,
        }.get(kind)
        return found() if found else None


#: The choosers of wagtail-localize's widgets; a snippet's is with the widget.
_CHOOSERS = {
    "page_chooser": "wagtailadmin_choose_page",
    "image_chooser": "wagtailimages_chooser:choose",
    "document_chooser": "wagtaildocs_chooser:choose",
    "snippet_chooser": "",
}


def overrides_of(translation: Translation, source: Any, user: Any) -> list[OverrideRow]:
    """The values that the source's editor has a panel for, as in wagtail-localize's editor."""
    panels, places = TabHelper(source), Places(type(source))
    overrides = SegmentOverride.objects.filter(
        context=OuterRef("context"), locale=translation.target_locale_id
    )
    segments = OverridableSegment.objects.filter(source=translation.source_id).annotate(
        override=Subquery(overrides.values("data_json")[:1]),
        error=Subquery(overrides.filter(has_error=True).values("field_error")[:1]),
    )
    rows = []
    for segment in segments.select_related("context").order_by("order"):
        path, field_path = segment.context.path, segment.context.get_field_path(source)
        try:
            place = get_segment_location_info(source, panels, path, field_path, widget=True)
        except FieldHasNoEditPanelError:
            continue
        row = OverrideRow(
            segment.pk,
            places.at(path, field_path),
            segment.order,
            reverse("wagtail_localize:edit_override", args=[translation.pk, segment.pk]),
            place["widget"] or {"type": "unknown"},
            segment.data,
        )
        if segment.override is not None:
            row.override, row.is_overridden = json.loads(segment.override), True
            row.error = segment.error or ""
        rows.append(row)
    _name_chosen(rows, user)
    return rows


def _name_chosen(rows: Iterable[OverrideRow], user: Any) -> None:
    """Give the rows the titles of what is chosen, one query or two for each type."""
    by_model: dict[type[Model], list[OverrideRow]] = defaultdict(list)
    for row in rows:
        if row.model is not None:
            by_model[row.model].append(row)
    for model, of_model in by_model.items():
        keys = {str(row.value) for row in of_model if row.value}
        shown = _seen(user, model, keys)
        for row in of_model:
            found = shown.get(str(row.value))
            row.chosen = _shown(found) if found is not None else {}


def _seen(user: Any, model: type[Model], keys: set[str]) -> dict[str, Any]:
    """The instances of a type with these keys that the user may see, by key."""
    # The call that sets an override takes anything.
    wanted = [key for key in keys if _is_key(model, key)]
    if issubclass(model, Page):
        pages = Page.objects.filter(pk__in=wanted)
        return {str(page.pk): page for page in pages if may_see(user, page)}
    if model in (get_image_model(), get_document_model()):
        policy = policy_registry.get_by_type(model)
        found = policy.instances_user_has_any_permission_for(user, ("choose", "change", "delete"))
        if model is get_image_model():
            found = found.prefetch_renditions(THUMBNAIL)
    else:
        found = listed(user, model)
    return {str(instance.pk): instance for instance in found.filter(pk__in=wanted)}


def _is_key(model: type[Model], key: str) -> bool:
    try:
        model._meta.pk.to_python(key)
    except ValidationError:
        return False
    return True


def _shown(instance: Any) -> dict[str, Any]:
    shown: dict[str, Any] = {"title": str(instance)}
    if isinstance(instance, get_image_model()):
        shown["thumbnail"] = get_rendition_or_not_found(instance, THUMBNAIL)
    return shown
