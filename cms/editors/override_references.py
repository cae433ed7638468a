"""What a translation shows in the place of its source's picture, file, page or entry.

wagtail-localize keeps any value that is sent to the call that sets it.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model
from django.http import Http404
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page
from wagtail_localize.models import OverridableSegment, SegmentOverride
from wagtail_localize.views.edit_translation import (
    FieldHasNoEditPanelError,
    TabHelper,
    get_segment_location_info,
)

from cms.editors.asking import asking_user
from cms.editors.references import is_seen

#: What a widget of the translation editor chooses.
CHOOSERS = {
    "image_chooser": get_image_model,
    "document_chooser": get_document_model,
    "page_chooser": lambda: Page,
}


def refuse_unseen(sender: Any, instance: SegmentOverride, **kwargs: Any) -> None:
    """Keep no new override by something unseen; raises Http404, as if it did not exist."""
    user = asking_user()
    if user is None or user.is_superuser or _is_unchanged(instance):
        return
    model = _chosen_model(instance)
    if model is not None and instance.data and not is_seen(user, model, str(instance.data)):
        raise Http404


def _is_unchanged(override: SegmentOverride) -> bool:
    same = SegmentOverride.objects.filter(pk=override.pk, data_json=override.data_json)
    return override.pk is not None and bool(same.exists())


def _chosen_model(override: SegmentOverride) -> type[Model] | None:
    """The type of what is chosen there; None for a text or a number."""
    segment = OverridableSegment.objects.filter(context=override.context).last()
    if segment is None:
        return None
    try:
        source = segment.source.get_source_instance()
        place = get_segment_location_info(
            source,
            TabHelper(source),
            override.context.path,
            override.context.get_field_path(source),
            widget=True,
        )
    except (ObjectDoesNotExist, FieldHasNoEditPanelError):
        # Nor does the editor offer it.
        raise Http404 from None
    widget = place["widget"] or {}
    if "snippet_model" in widget:
        names = widget["snippet_model"]
        return apps.get_model(names["app_label"], names["model_name"])
    chosen = CHOOSERS.get(widget.get("type", ""))
    return chosen() if chosen else None
