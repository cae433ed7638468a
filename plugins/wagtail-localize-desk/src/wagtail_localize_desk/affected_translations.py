"""Whoever unpublishes, deletes or moves a source sees before which translations follow it."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.template.loader import select_template
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.views.bulk_action import BulkAction
from wagtail.admin.views.generic.models import DeleteView, UnpublishView
from wagtail.admin.views.pages.delete import DeleteView as DeletePageView
from wagtail.admin.views.pages.move import MoveConfirmView
from wagtail.models import Page

from wagtail_localize_desk.rights import may_publish
from wagtail_localize_desk.source_lifecycle import moved_translations, published_translations

#: Sent with a form by whoever keeps the translations public.
KEEP = "keep_translations"
VIEWS = (UnpublishView, DeletePageView, DeleteView, MoveConfirmView, BulkAction)
UNPUBLISH, DELETE, MOVE = "unpublish", "delete", "move"
#: How many are named.
NAMED = 50

Affected = tuple[str, list[Any], str]


def naming(view: Any) -> Callable[..., HttpResponseBase]:
    """The method that renders the confirmation of `view`, with the translations concerned."""
    upstream: Callable[..., HttpResponseBase] = view.render_to_response

    @functools.wraps(upstream)
    def render_to_response(self: Any, context: dict[str, Any], **kwargs: Any) -> HttpResponseBase:
        action, found, address = _affected(self, context)
        below = _below(self, context) if action == UNPUBLISH else []
        if not (found or below):
            return upstream(self, context, **kwargs)
        user = self.request.user
        keepable = [] if action == MOVE else [each for each in found if may_publish(user, each)]
        context = {
            **context,
            "upstream_template": select_template(self.get_template_names()),
            "desk_action": action,
            "desk_translations": [_named(each) for each in found[:NAMED]],
            "desk_others": max(len(found) - NAMED, 0),
            "desk_below": [_named(each) for each in below[:NAMED]],
            "desk_others_below": max(len(below) - NAMED, 0),
            "desk_keepable": len(keepable),
            "desk_keep": KEEP,
            "desk_address": address,
            "desk_fields": _kept_fields(self.request),
            # The site's name must be typed into the form of Wagtail.
            "desk_may_keep": bool(keepable) and not context.get("type_to_confirm_before_delete"),
        }
        template = "wagtail_localize_desk/with_translations.html"
        return TemplateResponse(self.request, template, context, **kwargs)

    return render_to_response


def _affected(view: Any, context: dict[str, Any]) -> Affected:
    """The action of a confirmation, the translations that follow, and where its form is sent."""
    address = view.request.get_full_path()
    if isinstance(view, MoveConfirmView):
        return MOVE, _moved(view.page_to_move, view.destination), address
    if isinstance(view, BulkAction):
        items = [item["item"] for item in context.get("items", ()) if "item" in item]
        if view.action_type == UNPUBLISH:
            return UNPUBLISH, published_translations(_public(items)), address
        if view.action_type == DELETE:
            return DELETE, published_translations(_with_pages_below(items)), address
        return "", [], address
    if isinstance(view, DeletePageView):
        return DELETE, published_translations(_with_pages_below([view.page])), address
    if isinstance(view, UnpublishView):
        return UNPUBLISH, published_translations(_public([view.object])), address
    return DELETE, published_translations(_public([view.object])), address


def _below(view: Any, context: dict[str, Any]) -> list[Any]:
    """The translations that follow if the pages below are unpublished as well."""
    items = (
        [item["item"] for item in context.get("items", ())]
        if isinstance(view, BulkAction)
        else [view.object]
    )
    pages = [item for item in items if isinstance(item, Page) and not item.is_leaf()]
    return published_translations(
        below for page in pages for below in page.get_descendants().live()
    )


def _public(items: Iterable[Any]) -> list[Any]:
    return [item for item in items if getattr(item, "live", False)]


def _with_pages_below(items: Iterable[Any]) -> list[Any]:
    """Public things that are deleted; pages with those below them."""
    found = _public(items)
    for item in items:
        if isinstance(item, Page) and not item.is_leaf():
            found += item.get_descendants().live()
    return found


def _moved(page: Page, destination: Page) -> list[Any]:
    parent = page.get_parent()
    if parent.pk == destination.pk:
        return []
    return [each for each, _parent in moved_translations(page, parent, destination)]


def _named(instance: Any) -> dict[str, Any]:
    return {
        "title": instance.title if isinstance(instance, Page) else str(instance),
        "locale": instance.locale,
    }


def _kept_fields(request: HttpRequest) -> list[tuple[str, str]]:
    following = request.GET.get("next")
    return [("next", following)] if following else []


def tell_waiting(request: HttpRequest, waiting: Iterable[Any]) -> None:
    """Say which translations stay offline although their source is public again."""
    names = ", ".join(f"{each} ({each.locale})" for each in waiting)
    messages.info(
        request,
        _("These translations are still unpublished. Check and publish them: %(names)s.")
        % {"names": names},
    )
