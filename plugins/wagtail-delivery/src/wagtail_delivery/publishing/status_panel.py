"""The part of Wagtail's status panel that tells what is public; Wagtail has no hook for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from wagtail.admin.ui.side_panels import StatusSidePanel

from wagtail_delivery.publishing.patching import Patch, wrapper
from wagtail_delivery.schema.registry import content_types

MARK = "_wagtail_delivery_status"
TEMPLATE = "wagtail_delivery/admin/publication_panel.html"


def status_of_publications() -> Iterator[Patch]:
    """`get_status_templates` of the panel that pages and snippets have."""
    yield from wrapper(
        StatusSidePanel,
        "get_status_templates",
        _with_publication,
        reason="editors do not read since when the public sees what they published",
        mark=MARK,
    )


def _with_publication(
    get_templates: Callable[..., list[str]], panel: Any, context: dict[str, Any]
) -> list[str]:
    templates = get_templates(panel, context)
    if panel.object.pk and content_types().of_instance(panel.object) is not None:
        # After the state of the workflow.
        templates.insert(1, TEMPLATE)
    return templates
