"""Tags of the templates in Wagtail's admin."""

from __future__ import annotations

from typing import Any

from django import template
from django.db import models
from django.http import HttpRequest

from wagtail_delivery.admin.publication import Panel, panel_for

register = template.Library()


@register.simple_tag
def publication_panel(thing: models.Model, request: HttpRequest) -> Panel | None:
    """What the status panel tells of `thing`; None if its reader may not edit it."""
    user: Any = request.user
    return panel_for(thing, user)
