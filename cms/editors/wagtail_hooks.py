"""Hooks by which the editors' rules take part in Wagtail."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.models import Page

from cms.editors import private_collections, sight
from cms.editors.dashboard import WaitingPanel


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
