"""Hooks by which the editors' rules take part in Wagtail."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page

from cms.editors import private_collections, sight
from cms.editors.bulk_publishing import PublishPages
from cms.editors.dashboard import WaitingPanel
from cms.editors.responsibilities import views as responsibilities
from cms.editors.responsibilities.task import TaskMenuItem
from cms.editors.second_person import menus, rule


@hooks.register("insert_global_admin_css")
def second_person_styles() -> str:
    """The sentences that say who publishes, below the forms."""
    return format_html('<link rel="stylesheet" href="{}">', static("editors/second_person.css"))


@hooks.register("insert_global_admin_js")
def unsaved_changes() -> str:
    """Miss no text that is typed before Wagtail watches a form."""
    return format_html('<script src="{}"></script>', static("editors/unsaved_changes.js"))


@hooks.register("construct_homepage_panels")
def add_panels(request: HttpRequest, panels: list[Component]) -> None:
    """Add our panel to Wagtail's own."""
    panels.append(WaitingPanel())


@hooks.register("construct_page_chooser_queryset")
def shown_pages(pages: QuerySet[Page], request: HttpRequest) -> QuerySet[Page]:
    """Leave out the drafts and private pages of others."""
    return sight.shown_pages(request.user, pages)


@hooks.register("before_serve_document", order=-1)
def hide_private_document(document: Any, request: HttpRequest) -> None:
    """Answer for private documents as for missing ones."""
    private_collections.hide_private_document(document, request)


# After Wagtail's own of the same name, which it replaces.
hooks.register("register_bulk_action", PublishPages, order=10)
# What waits for its translations is published by whoever chose so.
hooks.register("before_hold_publication", rule.require_second_person)
hooks.register("construct_page_action_menu", menus.show_in_page_menu, order=10)
hooks.register("construct_snippet_action_menu", menus.show_in_snippet_menu, order=10)


@hooks.register("register_permissions")
def permissions() -> QuerySet[Permission]:
    """Offer the exception from the rule of the second person in the form for groups."""
    app_label, codename = rule.PERMISSION.split(".")
    return Permission.objects.filter(content_type__app_label=app_label, codename=codename)


@hooks.register("register_log_actions")
def log_actions(actions: LogActionRegistry) -> None:
    """Name the use of that exception in histories and in the report of the site's history."""
    actions.register_action(
        rule.LOG_ACTION,
        _("Publish without a second person"),
        _("Published without a second person"),
    )


hooks.register("register_admin_urls", responsibilities.admin_urls)
for task in responsibilities.TASKS:
    hooks.register("register_settings_menu_item", partial(TaskMenuItem, task))
