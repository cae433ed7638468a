"""The editors' panel on the first page of the admin."""

from __future__ import annotations

from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.ui.components import Component

from cms.editors.dashboard import WaitingPanel


@hooks.register("construct_homepage_panels")
def add_panels(request: HttpRequest, panels: list[Component]) -> None:
    """Add our panel to Wagtail's own."""
    panels.append(WaitingPanel())
