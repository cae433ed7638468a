"""The editors' panel on the first page of the admin, and the pages that the chooser shows."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.models import Page

from cms.editors import choosing
from cms.editors.dashboard import WaitingPanel


@hooks.register("construct_homepage_panels")
def add_panels(request: HttpRequest, panels: list[Component]) -> None:
    """Add our panel to Wagtail's own."""
    panels.append(WaitingPanel())


@hooks.register("construct_page_chooser_queryset")
def shown_pages(pages: QuerySet[Page], request: HttpRequest) -> QuerySet[Page]:
    """Leave out the drafts and private pages of others."""
    return choosing.shown_pages(pages, request)
