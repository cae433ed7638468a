"""What else leaves the public site, on the pages that ask whether to unpublish a page."""

from __future__ import annotations

from typing import Any

from django import template

from cms.editors.offline_sections import NAMED, hidden_with

register = template.Library()


@register.inclusion_tag("editors/admin/hidden_below.html")
def hidden_below(user: Any, *pages: Any) -> dict[str, Any]:
    """Name the pages below `pages`."""
    found = hidden_with(user, pages)
    return {"count": len(found), "titles": found[:NAMED], "others": max(len(found) - NAMED, 0)}


@register.inclusion_tag("editors/admin/hidden_below.html")
def hidden_below_items(user: Any, items: list[dict[str, Any]]) -> dict[str, Any]:
    """Name the pages below those of a bulk action."""
    return hidden_below(user, *(item["item"] for item in items))
