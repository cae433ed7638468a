"""The menu below a form says who can publish, before anybody presses a button."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin.ui.components import Component

from cms.editors.second_person import rule

PUBLISH = "action-publish"
SUBMIT = "action-submit"


class PublishAlone(Component):
    """The button with which an administrator publishes what they wrote; it says so."""

    name = PUBLISH
    template_name = "editors/admin/second_person/publish_alone.html"

    def __init__(self, order: int, content: Any) -> None:
        self.order = order
        self.is_scheduled = bool(
            content and content.go_live_at and content.go_live_at > timezone.now()
        )

    def get_context_data(self, parent_context: Mapping[str, Any] | None) -> dict[str, Any]:
        return {"is_scheduled": self.is_scheduled}


class PublishRefused(Component):
    """The button, out of use, with the reason and whom to ask."""

    name = "second-person-required"
    template_name = "editors/admin/second_person/publish_refused.html"

    def __init__(self, order: int, reason: str) -> None:
        self.order = order
        self.reason = reason

    def get_context_data(self, parent_context: Mapping[str, Any] | None) -> dict[str, Any]:
        return {"reason": self.reason}


class Hint(Component):
    """A sentence below a button."""

    name = "second-person-hint"
    template_name = "editors/admin/second_person/hint.html"

    def __init__(self, order: int, text: str) -> None:
        self.order = order
        self.text = text

    def get_context_data(self, parent_context: Mapping[str, Any] | None) -> dict[str, Any]:
        return {"text": self.text}


def show_in_page_menu(items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    """Adapt the menu of a page."""
    is_new = context["view"] == "create"
    page = context["parent_page"] if is_new else context["page"]
    _show(items, request.user, page, context["view"])


def show_in_snippet_menu(items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    """Adapt the menu of a snippet."""
    if context.get("draftstate_enabled"):
        snippet = context["model"] if context["view"] == "create" else context["instance"]
        _show(items, request.user, snippet, context["view"])


def _show(items: list[Any], user: Any, content: Any, view: str) -> None:
    if not rule.is_in_force():
        return
    position = _position(items, PUBLISH)
    if position is None:
        _tell_who_publishes(items, user, content, is_new=view == "create")
        return
    order = items[position].order
    # What a form creates or reverts to is its user's text.
    wrote = view != "edit" or rule.wrote_unpublished(user, content)
    if wrote and rule.applies_to(user):
        items[position] = PublishRefused(
            order, rule.refusal(user, content, is_new=view == "create")
        )
    elif wrote:
        items[position] = PublishAlone(order, content if view == "edit" else None)
    elif rule.applies_to(user):
        text = _("If you change the text, it stays a draft and a second person publishes it.")
        items.insert(position + 1, Hint(order, text))


def _tell_who_publishes(items: list[Any], user: Any, content: Any, *, is_new: bool) -> None:
    position = _position(items, SUBMIT)
    if position is None:
        return
    people = rule.whom_to_ask(user, content, is_new=is_new)
    if people:
        text = _("A second person publishes it: %(people)s.") % {"people": people}
        items.insert(position + 1, Hint(items[position].order, text))


def _position(items: list[Any], name: str) -> int | None:
    return next((i for i, item in enumerate(items) if getattr(item, "name", "") == name), None)
